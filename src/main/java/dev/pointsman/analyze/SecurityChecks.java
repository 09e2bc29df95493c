package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ModelHeader;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** SecurityPolicies on routes of models. */
final class SecurityChecks implements Check {
  private static final Set<String> RESERVED =
      Set.of(ModelHeader.NAME, ModelHeader.BASE_NAME, "x-gateway-destination-endpoint");

  /** Filters that Envoy switches on for a route as a whole. */
  private static final List<String> ON_OR_OFF = List.of("basicAuth", "apiKeyAuth");

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    List<RouteRule> models =
        manifests.rules().stream().filter(RouteRule::asksForModel).toList();
    for (Manifest policy : manifests.of(GatewayApi.SECURITY_POLICY).toList()) {
      claims(report, policy);
      for (String filter : ON_OR_OFF) {
        if (policy.node().path("spec").has(filter)) {
          contest(manifests, report, policy, filter, models);
        }
      }
    }
  }

  private static void claims(FindingCollector report, Manifest policy) {
    JsonNode jwt = policy.node().path("spec").path("jwt");
    Manifests.items(jwt, "spec.jwt", "providers")
        .forEach((path, provider) -> Manifests.items(provider, path, "claimToHeaders")
            .forEach((one, claim) -> {
              String header = claim.path("header").asString("");
              if (RESERVED.contains(header.toLowerCase(Locale.ROOT))) {
                report.add(
                    policy,
                    Reason.ReservedHeader,
                    one + ".header",
                    "is " + header + ", which only the gateway sets",
                    "The claim is left out; the model is read from the body",
                    "Use another header");
              }
            }));
  }

  private static void contest(
      Manifests manifests,
      FindingCollector report,
      Manifest policy,
      String filter,
      List<RouteRule> models) {
    RoutedHosts hosts = new RoutedHosts(manifests);
    List<RouteRule> protectedRules = models.stream()
        .filter(rule -> PolicyReach.reaches(manifests, policy, rule))
        .toList();
    models.stream()
        .filter(rule -> manifests
            .of(GatewayApi.SECURITY_POLICY)
            .noneMatch(other -> other.node().path("spec").has(filter)
                && PolicyReach.reaches(manifests, other, rule)))
        .filter(rule -> PolicyReach.areRead(manifests, GatewayApi.SECURITY_POLICY, rule))
        .filter(rule -> protectedRules.stream().anyMatch(one -> shareAPath(hosts, one, rule)))
        .findFirst()
        .ifPresent(
            open -> report.add(
                policy,
                Reason.UnsupportedFilter,
                "spec." + filter,
                "protects models on a path where " + open.route().object().ref()
                    + " has models without it",
                "Envoy switches this filter on before the model is known: the older HTTPRoute is served as it wants, and the"
                    + " models of the younger one answer 500",
                "Give the protected models a path or a hostname of their own, or use JWT or external authorization"));
  }

  private static boolean shareAPath(RoutedHosts hosts, RouteRule one, RouteRule other) {
    return !Collections.disjoint(hosts.of(one.route()), hosts.of(other.route()))
        && one.matches().values().stream()
            .map(MatchKey::of)
            .anyMatch(match -> other.matches().values().stream()
                .anyMatch(also -> MatchKey.of(also).hasPathOf(match)));
  }
}
