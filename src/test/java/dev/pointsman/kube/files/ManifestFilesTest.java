package dev.pointsman.kube.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.kube.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders as people have them: arrays of objects, and links to folders above. */
class ManifestFilesTest {
  @TempDir
  private Path folder;

  @Test
  void theElementsOfAnArrayAreObjectsWithLines() throws IOException {
    Files.writeString(folder.resolve("array.json"), """
        [
          {"kind": "Service", "metadata": {"name": "a"}},
          {"kind": "Service",
           "metadata": {"name": "b"}}
        ]
        """);
    assertThat(read())
        .extracting(one -> one.object().name() + " " + one.line("metadata.name"))
        .containsExactly("a 2", "b 4");
  }

  @Test
  void aLinkToAFolderAboveIsNotFollowed() throws IOException {
    Path below = Files.createDirectory(folder.resolve("below"));
    Files.writeString(below.resolve("a.yaml"), "{kind: Service, metadata: {name: a}}");
    Files.createSymbolicLink(below.resolve("above"), folder);
    assertThat(read()).extracting(one -> one.object().name()).containsExactly("a");
  }

  private List<Manifest> read() throws IOException {
    return ManifestFiles.read(List.of(folder), InputStream.nullInputStream()).manifests();
  }
}
