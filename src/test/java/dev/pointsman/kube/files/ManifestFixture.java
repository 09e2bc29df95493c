package dev.pointsman.kube.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.ClusterSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Manifests that a test writes, and what is read from them. */
abstract class ManifestFixture {
  @TempDir
  Path folder;

  ResourceFiles.FolderObjects read(String objects) throws Exception {
    Files.writeString(folder.resolve("objects.yaml"), objects);
    return ResourceFiles.read(folder);
  }

  ClusterSnapshot sound(String objects) throws Exception {
    ResourceFiles.FolderObjects reading = read(objects);
    assertThat(reading.problems()).isEmpty();
    return reading.snapshot();
  }

  List<String> said(String objects) throws Exception {
    return read(objects).problems().stream().map(FileProblem::toString).toList();
  }
}
