package dev.pointsman.kube.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Files that look as if somebody was writing them, for ever. */
class UnsettledFilesTest extends ResourceFilesFixture {
  private static final String BROKEN = "kind: [oops\nmore: }\n";

  /** As on a file system whose clock is ahead. */
  @Test
  void aTimeInTheFutureDoesNotStopTheStart() throws Exception {
    write("pool.yaml", POOL);
    write("empty.yaml", "");
    write("broken.yaml", BROKEN);
    for (String name : List.of("empty.yaml", "broken.yaml")) {
      Files.setLastModifiedTime(
          folder.resolve(name), FileTime.from(Instant.now().plus(Duration.ofDays(1))));
    }
    assertThat(readOnce().problems())
        .singleElement()
        .asString()
        .startsWith("file broken.yaml: line ");
    start();
    assertThat(files.get().pools()).containsKey(QWEN);
    assertThat(said()).singleElement().asString().startsWith("file broken.yaml: line ");
  }

  @Test
  void aFileThatIsWrittenAllTheTimeIsReadAsItIs() throws Exception {
    write("pool.yaml", POOL);
    write("log.yaml", BROKEN);
    AtomicBoolean ended = new AtomicBoolean();
    Thread writer = Thread.ofPlatform().start(() -> {
      while (!ended.get()) {
        try {
          write("log.tmp", BROKEN);
          Files.move(
              folder.resolve("log.tmp"),
              folder.resolve("log.yaml"),
              StandardCopyOption.ATOMIC_MOVE);
          Thread.sleep(20);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
          return;
        }
      }
    });
    try {
      assertThat(readOnce().problems())
          .singleElement()
          .asString()
          .startsWith("file log.yaml: line ");
      files.start(published::add);
      await().atMost(Duration.ofSeconds(60)).until(() -> files.get().synced());
      assertThat(files.get().pools()).containsKey(QWEN);
    } finally {
      ended.set(true);
      writer.join();
    }
  }

  private ResourceFiles.FolderObjects readOnce() throws Exception {
    return CompletableFuture.supplyAsync(() -> {
          try {
            return ResourceFiles.read(folder);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        })
        .get(30, TimeUnit.SECONDS); // or it hangs
  }
}
