package dev.pointsman.e2e.kubernetes;

import dev.pointsman.rig.Leak;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Lets Pointsman lose something on purpose, so that a soak has to fail: an agent inside a replica, or a client. */
final class PlantedLeak {
  private static final Path JAR = Path.of("target", "leak.jar");

  /** The project's folder in Pointsman's pods. */
  private static final Path INSIDE = Path.of("/opt/pointsman");

  private static final String CLASS = Leak.class.getName().replace('.', '/') + ".class";

  private PlantedLeak() {}

  /**
   * Begins, for as long as the processes live.
   *
   * @param kind {@code heap}, {@code threads}, {@code files} or {@code streams}
   */
  static void plant(String kind, Cluster cluster, String namespace) {
    List<Replica> replicas = Replica.all(cluster);
    switch (kind) {
      case "heap", "threads", "files" -> {
        makeJar();
        long pid = replicas.getFirst().process().pid();
        String said = Commands.run(
            Map.of(),
            "",
            Footprint.JCMD,
            List.of(String.valueOf(pid), "JVMTI.agent_load", INSIDE.resolve(JAR).toString(), kind));
        if (!said.contains("return code: 0")) {
          throw new AssertionError("the agent was not loaded: " + said);
        }
      }
      case "streams" -> ForgottenStreams.open(cluster, replicas.getFirst(), namespace);
      default ->
        throw new IllegalArgumentException(
            "-Dsoak.plant=" + kind + ": there are heap, threads, files and streams");
    }
  }

  private static void makeJar() {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Agent-Class", Leak.class.getName());
    try (OutputStream file = Files.newOutputStream(JAR);
        JarOutputStream jar = new JarOutputStream(file, manifest);
        InputStream bytes = Leak.class.getClassLoader().getResourceAsStream(CLASS)) {
      if (bytes == null) {
        throw new IllegalStateException("no " + CLASS);
      }
      jar.putNextEntry(new JarEntry(CLASS));
      long _ = bytes.transferTo(jar);
      jar.closeEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
