package dev.pointsman.kube.files;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when it is worth looking at folders again: soon after the system says that something changed and, because
 * events do not come from every file system nor through links, a few times a second anyway.
 */
final class FolderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
  private static final long POLL_MILLIS = 400;
  private static final long SETTLING_MILLIS = 100;
  /** A burst of events is over when nothing came for so long ... */
  private static final long QUIET_MILLIS = 25;
  /** ... but a writer that never stops must not keep us from reading. */
  private static final long BURST_MILLIS = 300;

  private final @Nullable WatchService service;
  private final Map<Path, WatchKey> keys = new HashMap<>();

  private FolderWatch(@Nullable WatchService service) {
    this.service = service;
  }

  static FolderWatch open() {
    try {
      return new FolderWatch(FileSystems.getDefault().newWatchService());
    } catch (IOException e) {
      LOG.warn("no file events ({}): files are polled every {} ms", e.getMessage(), POLL_MILLIS);
      return new FolderWatch(null);
    }
  }

  /** Watches these folders and no others. */
  void register(Set<Path> folders) {
    keys.entrySet().removeIf(entry -> {
      boolean gone = !folders.contains(entry.getKey()) || !entry.getValue().isValid();
      if (gone) {
        entry.getValue().cancel();
      }
      return gone;
    });
    for (Path folder : folders) {
      if (service != null && !keys.containsKey(folder)) {
        try {
          keys.put(folder, folder.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE));
        } catch (IOException e) {
          LOG.debug("no file events from {}: it is polled", folder, e);
        }
      }
    }
  }

  /** Waits for a change, or for the time of the next look. */
  void await(boolean settling) throws InterruptedException {
    long longest = settling ? SETTLING_MILLIS : POLL_MILLIS;
    if (service == null) {
      Thread.sleep(longest);
      return;
    }
    WatchKey key = service.poll(longest, TimeUnit.MILLISECONDS);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BURST_MILLIS);
    while (key != null && System.nanoTime() < end) {
      key.pollEvents();
      key.reset();
      key = service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
    }
    if (key != null) {
      key.reset();
    }
  }

  @Override
  public void close() {
    try {
      if (service != null) {
        service.close();
      }
    } catch (IOException e) {
      LOG.debug("closing the file watch", e);
    }
  }
}
