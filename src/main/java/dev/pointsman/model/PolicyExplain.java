package dev.pointsman.model;

import dev.pointsman.model.InferencePolicy.Explain;
import dev.pointsman.model.InferencePolicy.ExplainClaim;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the part of a policy that allows explanations. */
final class PolicyExplain {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern VALUE = Pattern.compile("[ -~]{1,256}");

  private PolicyExplain() {}

  static Optional<Explain> of(Fields spec) {
    return spec.object("explain").map(PolicyExplain::explain);
  }

  private static Explain explain(Fields explain) {
    Optional<String> digest = explain.string("secretSha256");
    if (digest.isPresent() && !DIGEST.matcher(digest.get()).matches()) {
      explain.problem("secretSha256", "is no SHA-256: use 64 hexadecimal digits in lower case");
    }
    Optional<ExplainClaim> claim = explain.object("claim").map(PolicyExplain::claim);
    if (!explain.has("secretSha256") && !explain.has("claim")) {
      explain.problem("says nothing: set secretSha256 or claim");
    }
    return new Explain(digest, claim);
  }

  private static ExplainClaim claim(Fields claim) {
    String provider = claim.required("provider", "name the JWT provider of the SecurityPolicy");
    String name = claim.required("name", "name a claim");
    String value = claim.required("value", "give the value that allows it");
    PolicyIdentity.checkClaim(claim, provider, "name", name);
    if (!value.isEmpty() && !VALUE.matcher(value).matches()) {
      claim.problem("value", "has other characters than visible ones of ASCII, or more than 256");
    }
    return new ExplainClaim(provider, name, value);
  }
}
