package dev.pointsman.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A user's clone of the source tree: links to this one, where files of the user's do no harm, and the user's tools.
 *
 * @param folder of the clone
 * @param tools kubectl, and a Helm that has Envoy Gateway's chart on this machine instead of in a registry
 */
record SourceTree(Path folder, Path tools) {
  private static final String CHART = "oci://docker.io/envoyproxy/gateway-helm";

  /** Makes it in a folder, or finds it there. */
  static SourceTree linked(Path in) throws IOException {
    SourceTree tree = new SourceTree(in.resolve("pointsman"), in.resolve("tools"));
    if (!Files.exists(tree.folder)) {
      tree.link();
      tree.addTools();
    }
    return tree;
  }

  private void link() throws IOException {
    Files.createDirectory(folder);
    try (Stream<Path> all = Files.list(Path.of("").toAbsolutePath())) {
      for (Path one : all.toList()) {
        Files.createSymbolicLink(folder.resolve(one.getFileName()), one);
      }
    }
  }

  private void addTools() throws IOException {
    Files.createDirectory(tools);
    Files.createSymbolicLink(tools.resolve("kubectl"), Path.of(Commands.kubectl()));
    String helm = Commands.run(Map.of(), "", "hack/helm.sh", List.of("--path")).strip();
    String chart =
        Commands.run(Map.of(), "", "hack/envoy-gateway-chart.sh", List.of()).strip();
    Path program = Files.writeString(
        tools.resolve("helm"),
        "#!/bin/bash\nexec '" + helm + "' \"${@/#" + CHART.replace("/", "\\/") + "/" + chart
            + "}\"\n");
    if (!program.toFile().setExecutable(true)) {
      throw new IOException(program + " cannot be made executable");
    }
  }

  /** Puts a chart of another version, for an image of that version, in the place of this one's. */
  void chartOfVersion(String version) throws IOException {
    Path charts = folder.resolve("charts");
    Files.delete(charts);
    Commands.run(
        Map.of(),
        "",
        "cp",
        List.of("-r", Path.of("charts").toAbsolutePath().toString(), charts.toString()));
    Path chart = charts.resolve("pointsman/Chart.yaml");
    Files.writeString(
        chart,
        Files.readString(chart).replaceFirst("(?m)^appVersion: .*$", "appVersion: " + version));
  }
}
