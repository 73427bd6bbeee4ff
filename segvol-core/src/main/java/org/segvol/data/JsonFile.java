package org.segvol.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segvol.weights.JsonReader;

/** Reads small JSON files: objects are maps, arrays lists, whole numbers {@link Long}. */
final class JsonFile {
    private static final long MOST_BYTES = 64L << 20;

    private JsonFile() {}

    static Object read(Path file) throws DataSetException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new DataSetException(
                        file, "expected a JSON file of at most " + MOST_BYTES + " bytes, found " + Files.size(file));
            }
            return JsonReader.parse(Files.readString(file));
        } catch (JsonReader.JsonException e) {
            throw new DataSetException(file, "expected JSON: " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new DataSetException(file, "expected JSON in UTF-8", e);
        } catch (DataSetException e) {
            throw e;
        } catch (IOException e) {
            throw new DataSetException(file, "cannot be read", e);
        }
    }
}
