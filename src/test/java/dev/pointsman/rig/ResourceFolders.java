package dev.pointsman.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;

/** The folder of YAML that Envoy Gateway watches and the one that Pointsman watches. */
final class ResourceFolders {
  /** Objects that Pointsman reads too: pools, and HTTPRoutes for their age. */
  private static final Pattern SHARED =
      Pattern.compile("(?m)^kind: InferencePool$|creationTimestamp");

  private final Path incoming;
  private final Path gateway;
  private final Path cluster;

  ResourceFolders(Path folder) {
    this.incoming = folder.resolve("incoming.yaml");
    this.gateway = folder.resolve("gateway");
    this.cluster = folder.resolve("cluster");
    try {
      Files.createDirectories(gateway);
      Files.createDirectories(cluster);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path gateway() {
    return gateway;
  }

  Path cluster() {
    return cluster;
  }

  /** Puts a scenario's files in; pools go to both folders, as both have to know them, and so do routes with an age. */
  void install(Scenario scenario) {
    for (Path file : Manifests.files(scenario.folder().resolve("cluster"))) {
      moveIn(file, cluster.resolve(nameOf(scenario, file)));
    }
    for (Path file : Manifests.files(scenario.folder().resolve("gateway"))) {
      if (SHARED.matcher(TextFiles.read(file)).find()) {
        moveIn(file, cluster.resolve(nameOf(scenario, file)));
      }
      moveIn(file, gateway.resolve(nameOf(scenario, file)));
    }
  }

  /** Gives Envoy Gateway one more file. */
  void install(String name, String yaml) {
    moveIn(yaml, gateway.resolve(name));
  }

  /** Gives Pointsman one more file. */
  void installForPointsman(String name, String yaml) {
    moveIn(yaml, cluster.resolve(name));
  }

  private void moveIn(String yaml, Path target) {
    TextFiles.write(incoming, yaml);
    try {
      Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes all files of a scenario away. */
  void remove(Scenario scenario) {
    try {
      for (String part : new String[] {"gateway", "cluster"}) {
        for (Path file : Manifests.files(scenario.folder().resolve(part))) {
          Files.deleteIfExists(gateway.resolve(nameOf(scenario, file)));
          Files.deleteIfExists(cluster.resolve(nameOf(scenario, file)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In whole, so that nobody reads half a file. */
  private void moveIn(Path file, Path target) {
    try {
      Files.copy(file, incoming, StandardCopyOption.REPLACE_EXISTING);
      Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Different scenarios may have files of the same name. */
  private static String nameOf(Scenario scenario, Path file) {
    return scenario.folder().getFileName() + "-" + file.getFileName();
  }
}
