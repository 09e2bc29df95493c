package dev.pointsman.server;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.Pem;
import dev.pointsman.config.TlsSettings;
import dev.pointsman.model.LineLimit;
import dev.pointsman.observe.CertificateMetrics;
import dev.pointsman.observe.CertificateMetrics.Certificate;
import dev.pointsman.xds.EdsCluster;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of the gRPC ports. Certificates and CAs are reloaded without closing connections: an open connection keeps its
 * certificates, a new one gets the present ones.
 */
final class ServerTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  private static final long POLL_SECONDS = 1;

  private final TlsSettings settings;
  private final CertificateMetrics metrics;
  private final LineLimit lines = new LineLimit(System::nanoTime);
  private final AdvancedTlsX509KeyManager keyManager = new AdvancedTlsX509KeyManager();
  private final List<ReloadedFiles> files = new ArrayList<>();
  private final Map<Certificate, Expiry> expiries = new EnumMap<>(Certificate.class);
  private final ScheduledExecutorService polls = Executors.newSingleThreadScheduledExecutor(
      Thread.ofPlatform().daemon().name("certificates").factory());

  private ServerTls(TlsSettings settings, CertificateMetrics metrics) {
    this.settings = settings;
    this.metrics = metrics;
  }

  /**
   * Loads the server's certificate and key and polls their files.
   *
   * @throws BadInput when they are invalid
   */
  static ServerTls open(TlsSettings settings, CertificateMetrics metrics) {
    ServerTls tls = new ServerTls(settings, metrics);
    Expiry expiry = tls.expiry(Certificate.SERVER, settings.certificate());
    tls.files.add(ReloadedFiles.load(
        List.of(settings.certificate(), settings.key()),
        contents -> tls.identity(contents, expiry)));
    var _ =
        tls.polls.scheduleWithFixedDelay(tls::poll, POLL_SECONDS, POLL_SECONDS, TimeUnit.SECONDS);
    return tls;
  }

  /**
   * Configures TLS of a port of the hooks.
   *
   * @throws BadInput when the file of its clients' CAs cannot be used
   */
  void secureHooks(NettyServerBuilder port) {
    secure(port, settings.grpcClientCa(), settings.grpcClientName(), Certificate.GRPC_CLIENT_CA);
  }

  /**
   * Configures TLS of the port of endpoint discovery.
   *
   * @param renewed as in {@link #proxiesTrust}
   * @return the settings of proxies for it
   * @throws BadInput when a file cannot be used
   */
  Supplier<EdsCluster.EdsTls> secureEds(NettyServerBuilder port, Runnable renewed) {
    secure(port, settings.edsClientCa(), Optional.empty(), Certificate.EDS_CLIENT_CA);
    Supplier<String> trusted = proxiesTrust(renewed);
    return () -> new EdsCluster.EdsTls(trusted.get(), settings.proxySds());
  }

  /**
   * Configures TLS of a port.
   *
   * @param clientCa clients must present a certificate signed by one of the file's CAs; empty: no client certificate
   * @param clientName the DNS name that the certificate must have besides
   * @throws BadInput when the file cannot be used
   */
  void secure(
      NettyServerBuilder port,
      Optional<Path> clientCa,
      Optional<String> clientName,
      Certificate which) {
    SslContextBuilder tls = GrpcSslContexts.configure(SslContextBuilder.forServer(keyManager))
        .protocols("TLSv1.3", "TLSv1.2");
    clientCa.ifPresent(file -> {
      ClientCertificates certificates = new ClientCertificates(file, clientName, lines);
      tls.trustManager(certificates.logging(trust(file, which))).clientAuth(ClientAuth.OPTIONAL);
      port.addTransportFilter(certificates).intercept(certificates);
    });
    try {
      port.sslContext(tls.build());
    } catch (SSLException e) {
      throw new IllegalStateException("this machine has no TLS", e);
    }
  }

  /**
   * Loads the CA certificates that proxies trust, and polls their file.
   *
   * @param renewed called after a change: proxies learn of it by a translation only, and reject the server until then
   * @return the present certificates (PEM)
   * @throws BadInput when the file cannot be used
   */
  Supplier<String> proxiesTrust(Runnable renewed) {
    Path file = settings.proxiesTrust();
    AtomicReference<String> pem = new AtomicReference<>("");
    if (!Files.exists(file)) {
      throw new BadInput("--tls-ca is missing, and there is no " + file
          + ": proxies must know which CA has signed the certificate of endpoint discovery");
    }
    ReloadedFiles ca = ReloadedFiles.load(List.of(file), contents -> {
      String now = Pem.certificatesOnly(file, Objects.requireNonNull(contents.get(file)));
      String before = pem.getAndSet(now);
      if (!before.isEmpty() && !before.equals(now)) {
        LOG.info("{}: asking Envoy Gateway for a translation, which gives it to proxies", file);
        renewed.run();
      }
    });
    synchronized (files) {
      files.add(ca);
    }
    return pem::get;
  }

  private X509ExtendedTrustManager trust(Path clientCa, Certificate which) {
    try {
      // A client has no host name to verify; ClientCertificates looks at the name that it must
      // have.
      AdvancedTlsX509TrustManager trust = AdvancedTlsX509TrustManager.newBuilder()
          .setVerification(Verification.CERTIFICATE_ONLY_VERIFICATION)
          .build();
      Expiry expiry = expiry(which, clientCa);
      ReloadedFiles ca = ReloadedFiles.load(
          List.of(clientCa), contents -> trusted(contents, clientCa, trust, expiry));
      synchronized (files) {
        files.add(ca);
      }
      return trust;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK verifies no certificates", e);
    }
  }

  private void identity(Map<Path, byte[]> contents, Expiry expiry) {
    List<X509Certificate> chain = Pem.certificates(
        settings.certificate(), Objects.requireNonNull(contents.get(settings.certificate())));
    PrivateKey key =
        Pem.privateKey(settings.key(), Objects.requireNonNull(contents.get(settings.key())));
    if (!Pem.match(chain.getFirst(), key)) {
      throw new BadInput(settings.key() + ": is not the key of the (first) certificate in "
          + settings.certificate());
    }
    keyManager.updateIdentityCredentials(chain.toArray(X509Certificate[]::new), key);
    expiry.of(chain);
  }

  private static void trusted(
      Map<Path, byte[]> contents, Path file, AdvancedTlsX509TrustManager trust, Expiry expiry) {
    List<X509Certificate> authorities =
        Pem.certificates(file, Objects.requireNonNull(contents.get(file)));
    try {
      trust.updateTrustCredentials(authorities.toArray(X509Certificate[]::new));
    } catch (IOException | GeneralSecurityException e) {
      throw new BadInput(file + ": cannot be trusted (" + e.getMessage() + ")");
    }
    expiry.of(authorities);
  }

  /** One for a file, although two ports may have it. */
  private Expiry expiry(Certificate which, Path file) {
    synchronized (files) {
      return expiries.computeIfAbsent(which, _ -> {
        Expiry expiry = new Expiry(file, Clock.systemUTC());
        metrics.expires(which, expiry::first);
        return expiry;
      });
    }
  }

  private void poll() {
    synchronized (files) {
      try {
        files.forEach(this::reload);
        expiries.values().forEach(Expiry::warn);
      } catch (RuntimeException e) {
        // The scheduler drops a task that throws, which would end reloading.
        LOG.error("internal error: the certificates are not reloaded; retrying", e);
      }
    }
  }

  private void reload(ReloadedFiles some) {
    switch (some.poll()) {
      case LOADED -> metrics.reloaded();
      case REFUSED -> metrics.refused();
      case UNCHANGED, CHANGING -> {}
    }
  }

  @Override
  public void close() {
    polls.shutdownNow();
  }
}
