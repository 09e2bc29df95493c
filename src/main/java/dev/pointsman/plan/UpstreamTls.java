package dev.pointsman.plan;

import dev.pointsman.model.ClientCertificate;
import java.util.Optional;

/**
 * The security of the connections to a rule's pods, with references resolved.
 *
 * @param client the gateway's own certificate
 * @param identity the settings without the certificates' content, which may change at any time
 */
public record UpstreamTls(ResolvedTls tls, Optional<ClientCertificate> client, String identity) {
  /** Not encrypted. */
  public static final UpstreamTls PLAINTEXT =
      new UpstreamTls(new ResolvedTls.Unencrypted(), Optional.empty(), "");

  /** Policies want different connections, so that no pod is trusted. */
  public static final UpstreamTls DISPUTED =
      new UpstreamTls(new ResolvedTls.TrustNobody(), Optional.empty(), "disputed");

  /** The same, with every certificate refused. */
  UpstreamTls trustingNobody() {
    return equals(PLAINTEXT)
        ? this
        : new UpstreamTls(new ResolvedTls.TrustNobody(), Optional.empty(), identity);
  }

  /** Whether both make the same connections, perhaps by policies of several namespaces. */
  public boolean connectsLike(UpstreamTls other) {
    return tls.equals(other.tls)
        && client.equals(other.client)
        && !equals(DISPUTED)
        && !other.equals(DISPUTED);
  }

  /** The bytes of the certificates. */
  public int bytes() {
    int authorities =
        tls instanceof ResolvedTls.Verified verified ? verified.caCertificates().length() : 0;
    return authorities
        + client.map(own -> own.chain().length() + own.key().length()).orElse(0);
  }
}
