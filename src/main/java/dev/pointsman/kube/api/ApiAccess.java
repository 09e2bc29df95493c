package dev.pointsman.kube.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;

/**
 * The address of the API server and our credentials: a kubeconfig or a Pod's ServiceAccount. A token file is read again
 * when it is renewed.
 */
public final class ApiAccess {
  private static final Path TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  private final Config config;

  private ApiAccess(Config config) {
    // Reflectors retry: their backoff depends on the kind, and they log each failure.
    config.setRequestRetryBackoffLimit(0);
    config.setConnectionTimeout(5_000);
    // One connection per watch: a dead connection ends one watch only, and the limit of streams
    // per connection does not bound the number of watches.
    config.setHttp2Disable(true);
    config.setUserAgent("pointsman");
    this.config = config;
  }

  /**
   * Finds the configuration of the API server in kubectl's order: the given file, {@code $KUBECONFIG},
   * {@code ~/.kube/config}, the ServiceAccount of the current Pod. It sends no request.
   *
   * @throws IllegalArgumentException with a message that names the missing or unreadable part
   */
  public static ApiAccess find(Optional<Path> kubeconfig) {
    Optional<Path> file = kubeconfig.or(ApiAccess::usual);
    if (file.isEmpty() && !Files.exists(TOKEN)) {
      throw new IllegalArgumentException(
          "--kubernetes: there is no $KUBECONFIG, no ~/.kube/config, and no ServiceAccount as in a Pod;"
              + " give --kubeconfig FILE");
    }
    if (file.isPresent() && !Files.isReadable(file.get())) {
      throw new IllegalArgumentException("--kubeconfig " + file.get() + ": "
          + (Files.exists(file.get()) ? "cannot be read" : "there is no such file"));
    }
    Optional<Kubeconfig> parts = file.map(Kubeconfig::read);
    Optional<Path> token = parts.isPresent() ? parts.get().tokenFile() : Optional.of(TOKEN);
    Config config = file.isPresent() ? read(file.get()) : Config.autoConfigure(null);
    token.ifPresent(renewed -> config.setOauthTokenProvider(() -> token(renewed)));
    parts.flatMap(Kubeconfig::proxy).ifPresent(proxy -> {
      config.setHttpProxy(proxy);
      config.setHttpsProxy(proxy);
      config.setNoProxy(new String[0]); // as kubectl: the file's proxy is for its API server
    });
    ApiAccess access = new ApiAccess(config);
    file.ifPresent(access::checkFiles);
    return access;
  }

  /** Creates a client once, which reads the certificates and keys of the kubeconfig. */
  private void checkFiles(Path kubeconfig) {
    try {
      client().close();
    } catch (KubernetesClientException e) {
      throw Kubeconfig.refused(kubeconfig, Kubeconfig.firstLine(e));
    }
  }

  private static Config read(Path kubeconfig) {
    try {
      return Config.fromKubeconfig(kubeconfig.toFile());
    } catch (KubernetesClientException | YamlEngineException | JacksonException e) {
      throw Kubeconfig.refused(kubeconfig, Kubeconfig.firstLine(e));
    }
  }

  /** Reads the token for each request: it may be short-lived, and its file is renewed. */
  private static String token(Path token) {
    try {
      return Files.readString(token).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the token file " + token + " cannot be read", e);
    }
  }

  private static Optional<Path> usual() {
    String named = System.getenv("KUBECONFIG");
    return named != null && !named.isBlank()
        ? Stream.of(named.split(File.pathSeparator, -1))
            .filter(name -> !name.isBlank())
            .map(Path::of)
            .findFirst()
        : Optional.of(Path.of(System.getProperty("user.home"), ".kube", "config"))
            .filter(Files::exists);
  }

  /** The connection's settings, for other clients of the same API server. */
  public Config config() {
    return config;
  }

  /** The URL of the API server, without a slash at the end. */
  String url() {
    String url = config.getMasterUrl();
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  HttpClient client() {
    JdkHttpClientFactory factory = new JdkHttpClientFactory();
    HttpClient.Builder builder = factory.newBuilder();
    HttpClientUtils.applyCommonConfiguration(config, builder, factory);
    return builder.build();
  }
}
