package dev.pointsman.model;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The certificates that are read, and those beyond the bound of their namespace, which are not.
 *
 * @param read by namespace
 */
public record CertificateGrants(Map<String, Set<CertificateRef>> read, Set<Certificates> leftOut) {
  /** Grants the certificates that some policies name, by the age of the policies. */
  public static CertificateGrants of(Collection<InferencePolicy> policies) {
    CertificateGrants grants = new CertificateGrants(new HashMap<>(), new HashSet<>());
    policies.stream()
        .filter(policy -> !PolicyCertificates.of(policy).isEmpty())
        .sorted(PolicyPrecedence.AGE)
        .forEach(policy -> {
          Set<CertificateRef> read =
              grants.read.computeIfAbsent(policy.namespace(), _ -> new HashSet<>());
          for (CertificateRef ref : PolicyCertificates.of(policy)) {
            if (read.size() < PolicyCertificates.MOST_IN_NAMESPACE) {
              read.add(ref);
            } else if (!read.contains(ref)) {
              grants.leftOut.add(Certificates.leftOut(policy.namespace(), ref));
            }
          }
        });
    return grants;
  }

  /** Whether the certificate that a policy names is read. */
  public boolean has(InferencePolicy policy, CertificateRef ref) {
    return read.getOrDefault(policy.namespace(), Set.of()).contains(ref);
  }
}
