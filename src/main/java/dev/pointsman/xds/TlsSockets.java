package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.pointsman.model.ClientCertificate;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.ResolvedTls;
import dev.pointsman.plan.UpstreamTls;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.Optional;

/**
 * TLS to pickers and to pods. Pickers are by default not verified, because they have self-signed certificates; pods are by
 * default not encrypted.
 */
final class TlsSockets {
  /** A SHA-256 that no certificate has. */
  private static final String NO_CERTIFICATE = "0".repeat(64);

  /** The same file as Envoy Gateway's; Envoy does not implement its field for the system's certificates. */
  private static final String SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

  private TlsSockets() {}

  /** The transport socket to a picker; empty for plaintext. */
  static Optional<TransportSocket> toPicker(ResolvedTls tls, ServicePort picker) {
    return socket(tls, dnsName(picker), Optional.empty(), "h2");
  }

  /**
   * The transport socket to pods; empty for plaintext.
   *
   * @param protocol the name of HTTP's version in ALPN
   */
  static Optional<TransportSocket> toPods(UpstreamTls tls, String protocol) {
    return socket(tls.tls(), "", tls.client(), protocol);
  }

  /** @param name the host name of servers whose settings have none */
  private static Optional<TransportSocket> socket(
      ResolvedTls tls, String name, Optional<ClientCertificate> client, String protocol) {
    CommonTlsContext.Builder common = CommonTlsContext.newBuilder().addAlpnProtocols(protocol);
    client.ifPresent(own -> common.addTlsCertificates(certificate(own)));
    UpstreamTlsContext.Builder context = UpstreamTlsContext.newBuilder();
    switch (tls) {
      case ResolvedTls.Unencrypted() -> {
        return Optional.empty();
      }
      case ResolvedTls.Unverified() -> {}
      case ResolvedTls.Verified(String ca, String hostname) -> {
        String expected = hostname.isEmpty() ? name : hostname;
        context.setSni(expected);
        common.setValidationContext(validation(ca, expected));
      }
      case ResolvedTls.TrustNobody() ->
        common.setValidationContext(
            CertificateValidationContext.newBuilder().addVerifyCertificateHash(NO_CERTIFICATE));
    }
    return Optional.of(socket(context.setCommonTlsContext(common).build()));
  }

  private static CertificateValidationContext validation(String ca, String hostname) {
    CertificateValidationContext.Builder validation = CertificateValidationContext.newBuilder();
    if (ca.isEmpty()) {
      validation.getTrustedCaBuilder().setFilename(SYSTEM_CERTIFICATES);
    } else {
      validation.getTrustedCaBuilder().setInlineString(ca);
    }
    validation
        .addMatchTypedSubjectAltNamesBuilder()
        .setSanType(SubjectAltNameMatcher.SanType.DNS)
        .getMatcherBuilder()
        .setExact(hostname);
    return validation.build();
  }

  private static TlsCertificate certificate(ClientCertificate own) {
    TlsCertificate.Builder certificate = TlsCertificate.newBuilder();
    certificate.getCertificateChainBuilder().setInlineString(own.chain());
    certificate.getPrivateKeyBuilder().setInlineString(own.key());
    return certificate.build();
  }

  private static String dnsName(ServicePort picker) {
    return picker.name() + "." + picker.namespace() + ".svc";
  }

  private static TransportSocket socket(Message tls) {
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Any.pack(tls))
        .build();
  }
}
