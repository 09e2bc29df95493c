package dev.pointsman.model;

import java.util.List;

/** The security of the connections to a picker or to a pool's pods. */
public sealed interface TlsSpec {
  /** Encrypted; the server's certificate is not verified. */
  record SkipVerify() implements TlsSpec {}

  /**
   * Encrypted, with a certificate for the host name that the CA has signed.
   *
   * @param authorities references to the CA's certificates in the policy's namespace; empty: the proxy's system trust
   *     store
   * @param hostname empty: the DNS name of the picker's Service, {@code name.namespace.svc}
   */
  record Verify(List<CertificateRef> authorities, String hostname) implements TlsSpec {
    public Verify {
      authorities = List.copyOf(authorities);
    }
  }

  /** Not encrypted. */
  record Plaintext() implements TlsSpec {}
}
