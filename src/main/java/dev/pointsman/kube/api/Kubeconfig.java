package dev.pointsman.kube.api;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The parts of a kubeconfig that fabric8 does not check: fabric8 uses {@code https://kubernetes.default.svc} if a file
 * names no API server, ignores {@code tokenFile}, and prefers the proxy of the environment.
 *
 * @param tokenFile the token file of the current user
 * @param proxy the URL of the proxy to the API server
 */
record Kubeconfig(Optional<Path> tokenFile, Optional<String> proxy) {
  /**
   * Reads the current context.
   *
   * @throws IllegalArgumentException with a line that names the file and its unusable part
   */
  static Kubeconfig read(Path file) {
    try {
      return parse(file, Files.readString(file));
    } catch (IOException e) {
      throw refused(file, "it cannot be read as text");
    }
  }

  /** Reads the text of a file in the same way. */
  static Kubeconfig parse(Path file, String text) {
    JsonNode config;
    try {
      config = YAMLMapper.shared().readTree(text);
    } catch (YamlEngineException | JacksonException e) {
      throw refused(file, firstLine(e));
    }
    if (!config.isObject()) {
      throw refused(file, "it is not a YAML object");
    }
    JsonNode name = config.path("current-context");
    if (name.asString("").isEmpty()) {
      throw refused(file, "it names no API server: set current-context");
    }
    JsonNode context = named(file, config, "contexts", name).path("context");
    JsonNode cluster = named(file, config, "clusters", context.path("cluster")).path("cluster");
    if (!isUrl(cluster.path("server").asString(""))) {
      throw refused(
          file, "the server of cluster " + context.path("cluster") + " is not an http(s) URL");
    }
    JsonNode user = context.path("user").isMissingNode()
        ? context
        : named(file, config, "users", context.path("user")).path("user");
    String token = user.path("tokenFile").asString("");
    return new Kubeconfig(
        Optional.of(token).filter(one -> !one.isEmpty()).map(file::resolveSibling),
        Optional.of(cluster.path("proxy-url").asString("")).filter(one -> !one.isEmpty()));
  }

  /** The exception for a file that cannot be used. */
  static IllegalArgumentException refused(Path file, String why) {
    return new IllegalArgumentException("the kubeconfig " + file + " cannot be used: " + why);
  }

  /** The message of an exception, as one line. */
  static String firstLine(Throwable e) {
    Throwable reason = e.getCause() == null ? e : e.getCause();
    String message = String.valueOf(reason.getMessage()).lines().findFirst().orElse("");
    return reason instanceof FileSystemException
        ? "the file " + message + " cannot be read"
        : message;
  }

  private static JsonNode named(Path file, JsonNode config, String list, JsonNode name) {
    for (JsonNode one : config.path(list)) {
      if (!name.isMissingNode() && one.path("name").equals(name)) {
        return one;
      }
    }
    throw refused(
        file, list + " has no entry " + (name.isMissingNode() ? "for the current context" : name));
  }

  private static boolean isUrl(String server) {
    try {
      URI uri = URI.create(server.contains("://") ? server : "https://" + server);
      return uri.getHost() != null && uri.getScheme().matches("https?");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
