package dev.pointsman.model;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The certificates that a policy names, all in its namespace. Only these Secrets and ConfigMaps are read. */
public final class PolicyCertificates {
  /**
   * The maximum number of ConfigMaps and Secrets that the policies of a namespace may name: each is a watch of the API
   * server, and a connection to it. They are granted by the age of the policies.
   */
  public static final int MOST_IN_NAMESPACE = 64;

  private PolicyCertificates() {}

  /** The Secret whose key a policy's proxies need; the keys of other Secrets are not read. */
  public static Optional<CertificateRef> withKey(InferencePolicy policy) {
    return policy.upstreamTls().flatMap(UpstreamTlsSpec::clientCertificate);
  }

  /** The references of a policy to CAs. */
  public static Set<CertificateRef> authorities(InferencePolicy policy) {
    Set<CertificateRef> refs = new LinkedHashSet<>();
    Stream.concat(
            policy.endpointPicker().map(PickerSpec::tls).stream(),
            policy.upstreamTls().map(UpstreamTlsSpec::tls).stream())
        .forEach(tls -> {
          if (tls instanceof TlsSpec.Verify verify) {
            refs.addAll(verify.authorities());
          }
        });
    return refs;
  }

  /** All references of a policy. */
  public static Set<CertificateRef> of(InferencePolicy policy) {
    Set<CertificateRef> refs = authorities(policy);
    withKey(policy).ifPresent(refs::add);
    return refs;
  }
}
