package dev.pointsman.model;

import dev.pointsman.model.Diagnostic.Reason;

/** InferencePolicies on a GatewayClass, which have effect on the Gateways of all tenants. */
public final class ClassPolicies {
  private ClassPolicies() {}

  /** The diagnostic for a policy of another namespace than the trusted one. */
  public static Diagnostic refused(ObjectRef policy, String trusted) {
    return new Diagnostic(
        Reason.RefNotPermitted,
        policy,
        "spec.targetRefs",
        "names a GatewayClass, which only InferencePolicies of namespace " + trusted
            + " may target (--class-policies): move the policy there, or target a Gateway");
  }
}
