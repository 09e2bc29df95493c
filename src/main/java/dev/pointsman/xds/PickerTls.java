package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.PickerSettings.ResolvedTls;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.Optional;

/** TLS to pickers: by default encrypted and not verified, because pickers have self-signed certificates. */
final class PickerTls {
  /** A SHA-256 that no certificate has. */
  private static final String NO_CERTIFICATE = "0".repeat(64);

  /** The same file as Envoy Gateway's; Envoy does not implement its field for the system's certificates. */
  private static final String SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

  private PickerTls() {}

  /** The transport socket; empty for plaintext. */
  static Optional<TransportSocket> socket(ResolvedTls tls, ServicePort picker) {
    return switch (tls) {
      case ResolvedTls.Unencrypted() -> Optional.empty();
      case ResolvedTls.Unverified() ->
        Optional.of(
            socket(UpstreamTlsContext.newBuilder().setCommonTlsContext(http2()).build()));
      case ResolvedTls.Verified(String ca, String hostname) ->
        Optional.of(socket(verified(ca, hostname.isEmpty() ? dnsName(picker) : hostname)));
      case ResolvedTls.TrustNobody() -> Optional.of(socket(refusing()));
    };
  }

  private static UpstreamTlsContext verified(String ca, String hostname) {
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
    return UpstreamTlsContext.newBuilder()
        .setSni(hostname)
        .setCommonTlsContext(http2().toBuilder().setValidationContext(validation))
        .build();
  }

  private static String dnsName(ServicePort picker) {
    return picker.name() + "." + picker.namespace() + ".svc";
  }

  private static UpstreamTlsContext refusing() {
    return UpstreamTlsContext.newBuilder()
        .setCommonTlsContext(http2().toBuilder()
            .setValidationContext(
                CertificateValidationContext.newBuilder().addVerifyCertificateHash(NO_CERTIFICATE)))
        .build();
  }

  private static CommonTlsContext http2() {
    return CommonTlsContext.newBuilder().addAlpnProtocols("h2").build();
  }

  private static TransportSocket socket(Message tls) {
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Any.pack(tls))
        .build();
  }
}
