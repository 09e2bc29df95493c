package dev.pointsman.analyze;

import dev.pointsman.analyze.RoutedHosts.RoutedHost;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ModelHeader;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** SecurityPolicies on routes of models. */
final class SecurityChecks implements Check {
  private static final Set<String> RESERVED =
      Set.of(ModelHeader.NAME, ModelHeader.BASE_NAME, "x-gateway-destination-endpoint");

  /** Filters that Envoy switches on for a route as a whole. */
  private static final List<String> ON_OR_OFF = List.of("basicAuth", "apiKeyAuth");

  /** A path on a host. */
  private record HostPath(RoutedHost host, String path) {}

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    List<RouteRule> models =
        manifests.rules().stream().filter(RouteRule::asksForModel).toList();
    List<Manifest> policies = manifests.of(GatewayApi.SECURITY_POLICY).toList();
    policies.forEach(policy -> claims(report, policy));
    RoutedHosts hosts = new RoutedHosts(manifests);
    for (String filter : ON_OR_OFF) {
      List<Manifest> some = policies.stream()
          .filter(policy -> policy.node().path("spec").has(filter))
          .toList();
      contest(manifests, report, hosts, filter, some, models);
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
      RoutedHosts hosts,
      String filter,
      List<Manifest> policies,
      List<RouteRule> models) {
    Map<Manifest, List<RouteRule>> rulesByPolicy = new IdentityHashMap<>();
    Set<RouteRule> protectedRules = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Manifest policy : policies) {
      List<RouteRule> rules = models.stream()
          .filter(rule -> PolicyReach.reaches(manifests, policy, rule))
          .toList();
      rulesByPolicy.put(policy, rules);
      protectedRules.addAll(rules);
    }
    Map<HostPath, RouteRule> open = new HashMap<>();
    models.stream()
        .filter(rule -> !protectedRules.contains(rule))
        .filter(rule -> PolicyReach.areRead(manifests, GatewayApi.SECURITY_POLICY, rule))
        .forEach(rule -> paths(hosts, rule).forEach(path -> open.putIfAbsent(path, rule)));
    for (Manifest policy : open.isEmpty() ? List.<Manifest>of() : policies) {
      rulesByPolicy.getOrDefault(policy, List.of()).stream()
          .flatMap(rule -> paths(hosts, rule))
          .flatMap(path -> Stream.ofNullable(open.get(path)))
          .findFirst()
          .ifPresent(
              rule -> report.add(
                  policy,
                  Reason.UnsupportedFilter,
                  "spec." + filter,
                  "protects models on a path where " + rule.route().object().ref()
                      + " has models without it",
                  "Envoy switches this filter on before the model is known: the older HTTPRoute is served as it wants, and"
                      + " the models of the younger one answer 500",
                  "Give the protected models a path or a hostname of their own, or use JWT or external authorization"));
    }
  }

  private static Stream<HostPath> paths(RoutedHosts hosts, RouteRule rule) {
    List<String> paths = rule.matches().values().stream()
        .map(match -> MatchKey.of(match).path())
        .distinct()
        .toList();
    return hosts.of(rule.route()).stream()
        .flatMap(host -> paths.stream().map(path -> new HostPath(host, path)));
  }
}
