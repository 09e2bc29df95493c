package dev.pointsman.kube.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.CertificateRef;
import dev.pointsman.rig.Authority;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Secrets that policies name, for a CA or for a client certificate with its key. */
class NamedSecretsTest extends StandInFixture {
  private static final String SECRETS = "/api/v1/namespaces/ml/secrets";
  private static final String POLICIES = "/apis/pointsman.dev/v1alpha1/inferencepolicies";
  private static final CertificateRef REF = new CertificateRef("Secret", "pods");

  @Test
  void theKeyOfASecretIsReadOnlyIfItIsNamedForIt() throws Exception {
    Authority authority = Authority.create("pods-ca");
    Authority.Issued issued = authority.issue("gateway", "dns:gateway");
    server.store(SECRETS, "pods", """
        {"metadata": {"name": "pods", "namespace": "ml", "resourceVersion": "VERSION"},
         "data": {"ca.crt": "%s", "tls.crt": "%s", "tls.key": "%s"}}
        """.formatted(
            base64(authority.certificate()), base64(issued.certificate()), base64(issued.key()))
        .replace("\n", ""));
    server.store(POLICIES, "tls", policy(""));
    AtomicInteger withoutAuthority = new AtomicInteger();
    source.start(snapshot -> {
      if (snapshot.caCertificate("ml", REF).isEmpty()) {
        withoutAuthority.incrementAndGet();
      }
    });
    await().atMost(SOON).until(() -> authority().isPresent());
    assertThat(source.get().clientCertificate("ml", REF)).isEmpty();
    assertThat(source.diagnostics()).isEmpty();
    withoutAuthority.set(0);

    server.put(POLICIES, "tls", policy(", \"clientCertificateRef\": {\"name\": \"pods\"}"));
    await().atMost(SOON).until(() -> source.get().clientCertificate("ml", REF).isPresent());
    server.put(POLICIES, "tls", policy(""));
    await().atMost(SOON).until(() -> source.get().clientCertificate("ml", REF).isEmpty());
    assertThat(authority()).isPresent();
    assertThat(withoutAuthority).as("snapshots without the CA").hasValue(0);
  }

  private Optional<String> authority() {
    return source.get().caCertificate("ml", REF);
  }

  private static String policy(String client) {
    return """
        {"apiVersion": "pointsman.dev/v1alpha1", "kind": "InferencePolicy",
         "metadata": {"name": "tls", "namespace": "ml", "resourceVersion": "VERSION"},
         "spec": {"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": "llm"}],
                  "upstreamTLS": {"caCertificateRefs": [{"kind": "Secret", "name": "pods"}],
                                  "hostname": "pods.example.com"%s}}}
        """.formatted(client).replace("\n", "");
  }

  private static String base64(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII));
  }
}
