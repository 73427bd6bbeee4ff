package org.segvol.io;

import java.nio.file.Path;
import java.util.List;

/** A folder that holds several series of DICOM images where one is expected. {@link Volumes#readSeries} reads one of them. */
public final class SeveralSeriesException extends VolumeFormatException {
    private static final long serialVersionUID = 1L;

    private final transient List<DicomSeries> series;

    SeveralSeriesException(Path folder, List<DicomSeries> series) {
        super(
                folder,
                "expected one series, found " + series.size() + ": " + DicomSeries.listed(series) + "; choose one");
        this.series = series;
    }

    /** What it holds. */
    public List<DicomSeries> series() {
        return series;
    }
}
