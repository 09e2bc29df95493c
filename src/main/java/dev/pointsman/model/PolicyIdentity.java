package dev.pointsman.model;

import dev.pointsman.model.InferencePolicy.FairnessSource;
import dev.pointsman.model.InferencePolicy.Identity;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the identity of a policy. Its strings become parts of an expression, so that none has a quote. */
final class PolicyIdentity {
  private static final Pattern HEADER =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_-]{0,62}[A-Za-z0-9])?");
  private static final Pattern PROVIDER = Pattern.compile("[A-Za-z0-9._-]{1,63}");
  private static final Pattern CLAIM = Pattern.compile("[A-Za-z0-9_.:/@-]{1,128}");
  private static final Pattern SET_BY_GATEWAY =
      Pattern.compile("(?i)x-(gateway|llm-d|pointsman)-.*");

  private PolicyIdentity() {}

  static Optional<Identity> of(Fields spec) {
    return spec.object("identity").map(PolicyIdentity::identity);
  }

  private static Identity identity(Fields identity) {
    Optional<FairnessSource> fairness =
        identity.object("fairnessFrom").flatMap(PolicyIdentity::fairness);
    Optional<String> objective = identity.string("objective");
    objective.ifPresent(name -> identity.check("objective", name, UserStrings::refusedName));
    boolean keeps = identity
        .choice("clientHeaders", "Remove", "Keep")
        .filter("Keep"::equals)
        .isPresent();
    if (!identity.has("fairnessFrom")
        && !identity.has("objective")
        && !identity.has("clientHeaders")) {
      identity.problem("says nothing: set fairnessFrom, objective or clientHeaders");
    }
    return new Identity(fairness, objective, keeps);
  }

  private static Optional<FairnessSource> fairness(Fields from) {
    if (from.has("header") == from.has("claim")) {
      from.problem("needs exactly one of header and claim");
      return Optional.empty();
    }
    if (from.has("claim")) {
      String provider = from.required("provider", "name the JWT provider of the SecurityPolicy");
      String claim = from.required("claim", "name a claim");
      checkClaim(from, provider, "claim", claim);
      return Optional.of(new FairnessSource.FromClaim(provider, claim));
    }
    if (from.has("provider")) {
      from.problem("provider", "is for a claim, and fairnessFrom has a header");
    }
    String header = from.required("header", "name a header");
    check(from, "header", header, HEADER, "the name of a header");
    if (SET_BY_GATEWAY.matcher(header).matches()) {
      from.problem("header", "is \"" + header + "\", which the gateway sets or removes");
    }
    return Optional.of(new FairnessSource.FromHeader(header.toLowerCase(Locale.ROOT)));
  }

  /** Checks the names of a JWT provider and of a claim, which the other field has. */
  static void checkClaim(Fields fields, String provider, String field, String claim) {
    check(fields, "provider", provider, PROVIDER, "the name of a JWT provider");
    check(fields, field, claim, CLAIM, "the name of a claim");
  }

  private static void check(
      Fields fields, String field, String value, Pattern pattern, String what) {
    if (!value.isEmpty() && !pattern.matcher(value).matches()) {
      fields.problem(field, "is \"" + value + "\": not " + what);
    }
  }
}
