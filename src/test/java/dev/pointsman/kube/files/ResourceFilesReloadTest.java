package dev.pointsman.kube.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.ClusterSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests that change while they are read. */
class ResourceFilesReloadTest extends ResourceFilesFixture {
  @Test
  void followsWritesRenamesNewFoldersAndDeletesWithinASecond() throws Exception {
    write("pool.yaml", POOL);
    start();
    write("pods.yaml", pod("a", "10.0.0.1", ""));
    await().atMost(LIVE).untilAsserted(() -> assertThat(hosts()).containsExactly("10.0.0.1"));

    Path prepared = Files.writeString(folder.resolve("pods.tmp"), pod("a", "10.0.0.9", ""));
    Files.move(prepared, folder.resolve("pods.yaml"), StandardCopyOption.ATOMIC_MOVE);
    await().atMost(LIVE).untilAsserted(() -> assertThat(hosts()).containsExactly("10.0.0.9"));

    write("more/deep/pods.yaml", pod("b", "10.0.0.2", ""));
    await()
        .atMost(LIVE)
        .untilAsserted(() -> assertThat(hosts()).containsExactly("10.0.0.2", "10.0.0.9"));

    write(
        "more/deep/pods.yaml",
        pod("b", "10.0.0.2", ", deletionTimestamp: \"2026-01-01T00:00:00Z\""));
    await().atMost(LIVE).untilAsserted(() -> assertThat(hosts()).containsExactly("10.0.0.9"));

    Files.delete(folder.resolve("pods.yaml"));
    await().atMost(LIVE).untilAsserted(() -> assertThat(hosts()).isEmpty());
    assertThat(published).allMatch(ClusterSnapshot::synced);
  }

  @Test
  void seesAChangeBehindASymbolicLinkAsAMountedConfigMapHasThem(@TempDir Path elsewhere)
      throws Exception {
    Files.createDirectories(folder.resolve("..v1"));
    Files.writeString(folder.resolve("..v1/all.yaml"), POOL + pod("a", "10.0.0.1", ""));
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..v1"));
    Files.createSymbolicLink(folder.resolve("all.yaml"), Path.of("..data/all.yaml"));
    start();
    assertThat(hosts()).containsExactly("10.0.0.1");
    assertThat(said()).isEmpty();
    Files.createDirectories(folder.resolve("..v2"));
    Files.writeString(folder.resolve("..v2/all.yaml"), POOL + pod("a", "10.0.0.2", ""));
    Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..v2"));
    Files.move(
        folder.resolve("..data_tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    await().atMost(LIVE).untilAsserted(() -> assertThat(hosts()).containsExactly("10.0.0.2"));
  }

  @Test
  void aFileWithASyntaxErrorKeepsWhatItLastGave() throws Exception {
    write("all.yaml", POOL + pod("a", "10.0.0.1", ""));
    start();
    write("all.yaml", POOL + pod("a", "10.0.0.2", "") + "---\nkind: [oops\nmore: }\n");
    await()
        .atMost(LIVE.multipliedBy(2))
        .untilAsserted(() -> assertThat(said())
            .singleElement()
            .asString()
            .startsWith("file all.yaml: line ")
            .contains("the last good content of the file stays in use"));
    assertThat(hosts()).containsExactly("10.0.0.1");
    write("all.yaml", POOL + pod("a", "10.0.0.3", ""));
    await().atMost(LIVE).untilAsserted(() -> assertThat(hosts()).containsExactly("10.0.0.3"));
    assertThat(said()).isEmpty();
  }

  @Test
  void aFileThatIsTruncatedAndWrittenLosesNothingMeanwhile() throws Exception {
    String content = POOL + pod("a", "10.0.0.1", "") + pod("b", "10.0.0.2", "");
    write("all.yaml", content);
    start();
    for (int round = 0; round < 5; round++) {
      write("all.yaml", "");
      Thread.sleep(60);
      write("all.yaml", content.substring(0, content.length() - 30));
      Thread.sleep(60);
      write("all.yaml", content);
      Thread.sleep(60);
    }
    assertThat(published).hasSize(1);
    assertThat(said()).isEmpty();
    write("all.yaml", ""); // and if it stays empty, it is meant
    await().atMost(LIVE).untilAsserted(() -> assertThat(files.get().pools()).isEmpty());
  }

  @Test
  void aFolderThatGoesAwayKeepsWhatItGave() throws Exception {
    write("all.yaml", POOL + pod("a", "10.0.0.1", ""));
    start();
    Path moved = folder.resolveSibling(folder.getFileName() + "-moved");
    Files.move(folder, moved);
    try {
      await()
          .atMost(LIVE)
          .untilAsserted(
              () -> assertThat(said()).singleElement().asString().contains("cannot be read"));
      await()
          .during(Duration.ofMillis(300))
          .atMost(Duration.ofMillis(300).plusSeconds(5))
          .untilAsserted(() -> assertThat(hosts()).containsExactly("10.0.0.1"));
    } finally {
      Files.move(moved, folder);
    }
    await().atMost(LIVE).untilAsserted(() -> assertThat(said()).isEmpty());
    write("all.yaml", POOL + pod("a", "10.0.0.2", ""));
    await().atMost(LIVE).untilAsserted(() -> assertThat(hosts()).containsExactly("10.0.0.2"));
  }
}
