package org.segvol.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that Maven wrote into the jar. */
final class Version implements IVersionProvider {
    Version() {}

    @Override
    public String[] getVersion() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {
            "SegVol for the JVM " + (version == null ? "(development build)" : version),
            "Research software, not a medical device."
        };
    }
}
