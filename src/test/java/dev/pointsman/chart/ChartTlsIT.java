package dev.pointsman.chart;

import static dev.pointsman.chart.ChartIT.GATEWAY;
import static dev.pointsman.chart.ChartIT.render;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The certificates of the rendered chart, and whom the ports let in. */
class ChartTlsIT {
  @Test
  void certificatesFitTheNamesAndEachOther() throws Exception {
    Rendered rendered = render("default");
    JsonNode server = rendered.object("Secret", "pointsman-tls").path("data");
    X509Certificate ca = certificate(rendered.object("Secret", "pointsman-ca"), "tls.crt");
    X509Certificate client =
        certificate(rendered.object("Secret", "pointsman-hook-client"), "tls.crt");
    X509Certificate own = certificate(rendered.object("Secret", "pointsman-tls"), "tls.crt");

    own.verify(ca.getPublicKey());
    client.verify(ca.getPublicKey());
    assertThat(decoded(server, "ca.crt"))
        .isEqualTo(decoded(rendered.object("Secret", "pointsman-ca").path("data"), "tls.crt"));
    assertThat(own.getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.getLast()))
        .containsExactly(
            "pointsman",
            "pointsman." + GATEWAY,
            "pointsman." + GATEWAY + ".svc",
            "pointsman." + GATEWAY + ".svc.cluster.local",
            "pointsman-hooks",
            "pointsman-hooks." + GATEWAY,
            "pointsman-hooks." + GATEWAY + ".svc",
            "pointsman-hooks." + GATEWAY + ".svc.cluster.local");
  }

  /** An authority may sign for others, too: the certificate that the chart makes has a name that is asked for. */
  @ParameterizedTest
  @CsvSource(nullValues = "", textBlock = """
      default,             envoy-gateway
      cert-manager,        envoy-gateway
      cert-manager-issuer, envoy-gateway
      existing-secret,     gateway.example
      plaintext,
      """)
  void theHooksAreForTheNameOfTheClientCertificate(String name, String expected) throws Exception {
    Rendered rendered = render(name);
    assertThat(rendered
            .of("Deployment")
            .flatMap(one -> one.at("/spec/template/spec/containers/0/args").valueStream())
            .map(JsonNode::asString)
            .filter(argument -> argument.startsWith("--grpc-client-name")))
        .isEqualTo(
            Stream.ofNullable(expected).map("--grpc-client-name="::concat).toList());
    assertThat(rendered
            .of("Certificate")
            .filter(one -> one.at("/spec/usages").toString().contains("client auth"))
            .flatMap(one -> one.at("/spec/dnsNames").valueStream()))
        .allSatisfy(made -> assertThat(made.asString()).isEqualTo(expected));
    if (name.equals("default")) {
      assertThat(certificate(rendered.object("Secret", "pointsman-hook-client"), "tls.crt")
              .getSubjectAlternativeNames())
          .extracting(made -> String.valueOf(made.getLast()))
          .containsExactly(expected);
    }
  }

  private static String decoded(JsonNode data, String key) {
    return new String(
        Base64.getDecoder().decode(data.path(key).asString()), StandardCharsets.UTF_8);
  }

  private static X509Certificate certificate(JsonNode secret, String key) throws Exception {
    return certificate(secret.path("data").path(key).asString());
  }

  /** The certificate of a value of a Secret. */
  static X509Certificate certificate(String base64) throws Exception {
    return (X509Certificate) CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
  }
}
