package dev.pointsman.hook;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Target;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.model.PolicyPrecedence;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.PolicyPlanner;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.twins.VirtualHostTwin;
import dev.pointsman.xds.GatewaySection;
import dev.pointsman.xds.HostModels;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.RouteFacts.Rule;
import dev.pointsman.xds.XdsSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The InferencePolicies of a translation: those on Gateways come with the translation itself, those on HTTPRoutes with
 * its routes. Of several on one target the oldest wins, and the others are told so.
 */
final class Policies {
  private final List<InferencePolicy> onGateways;
  private final ClusterSnapshot snapshot;
  private final PolicyPlanner planner;
  private final XdsSettings settings;
  private final Diagnostics diagnostics;
  private final Map<Key, PolicyPlan> plans = new HashMap<>();
  private final Map<VirtualHostTwin, List<InferencePolicy>> byHost = new IdentityHashMap<>();

  private final Map<Adapted, PolicyPlan> adapters = new HashMap<>();

  private record Adapted(PolicyPlan plan, String namespace, String baseModel) {}

  private record Key(String rule, List<PoolBackend> pools, List<InferencePolicy> policies) {}

  Policies(
      List<ExtensionResource> resources,
      ClusterSnapshot snapshot,
      XdsSettings settings,
      Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
    this.settings = settings;
    this.snapshot = snapshot;
    planner = new PolicyPlanner(snapshot, diagnostics::add);
    onGateways = valid(PolicyObjects.read(resources).stream().map(PolicyParser::parse));
  }

  /** Whether there are any on Gateways and listeners. */
  boolean anyOnGateways() {
    return !onGateways.isEmpty();
  }

  /** Whether one is on the host's Gateway or listener. */
  boolean anyOn(VirtualHostTwin host) {
    return !onHost(host).isEmpty();
  }

  /** Whether a policy asks for something of the host that does not depend on its routes. */
  boolean concern(VirtualHostTwin host) {
    return onHost(host).stream()
        .map(InferencePolicy::model)
        .flatMap(Optional::stream)
        .anyMatch(model -> model.list() || model.extraction().orElse(false));
  }

  /** What policies ask of the route's rule. */
  PolicyPlan of(RouteFacts facts, VirtualHostTwin host) {
    List<InferencePolicy> policies = new ArrayList<>();
    if (!facts.policies().isEmpty()) {
      List<InferencePolicy> own = valid(facts.policies().stream());
      Predicate<Target> route = target -> target.kind().equals("HTTPRoute")
          && target.name().equals(facts.owner().name());
      winner(own, route.and(target -> !target.sectionName().isEmpty())).ifPresent(policies::add);
      winner(own, route.and(target -> target.sectionName().isEmpty())).ifPresent(policies::add);
    }
    policies.addAll(onHost(host));
    PolicyPlan plan = PolicyPlan.NONE;
    if (!policies.isEmpty()) {
      Key key = new Key(ruleName(facts), facts.pools(), policies);
      plan = plans.computeIfAbsent(key, _ -> planner.plan(key.rule(), key.pools(), policies));
    }
    if (facts.baseModel().isPresent()) {
      Adapted adapted =
          new Adapted(plan, facts.owner().namespace(), facts.baseModel().get());
      return adapters.computeIfAbsent(adapted, this::withAdapters);
    }
    return plan;
  }

  private PolicyPlan withAdapters(Adapted adapted) {
    return adapted
        .plan()
        .withBaseModel(snapshot.withAdapters(adapted.namespace(), adapted.baseModel()));
  }

  /** How the host's models are read and answered. */
  HostModels models(VirtualHostTwin host) {
    HostModels otherwise = HostModels.byDefault(settings);
    return onHost(host).stream()
        .flatMap(policy -> models(policy, otherwise).stream())
        .findFirst()
        .orElse(otherwise);
  }

  private static Optional<HostModels> models(InferencePolicy policy, HostModels otherwise) {
    return policy
        .model()
        .map(model -> new HostModels(
            model
                .extraction()
                .map(on -> on ? HostModels.Extraction.ALWAYS : HostModels.Extraction.NEVER)
                .orElse(otherwise.extraction()),
            model.header(),
            model.bodyLimit().orElse(otherwise.bodyLimit()),
            model.onUnknown() == InferencePolicy.OnUnknown.NOT_FOUND,
            model.list() ? Optional.of(policy.ref()) : Optional.empty()));
  }

  /** The policies on the host's listener and on its Gateway, the more specific first. */
  private List<InferencePolicy> onHost(VirtualHostTwin host) {
    return onGateways.isEmpty() ? List.of() : byHost.computeIfAbsent(host, this::winnersOnHost);
  }

  private List<InferencePolicy> winnersOnHost(VirtualHostTwin host) {
    Optional<GatewaySection> section = section(host);
    if (section.isEmpty()) {
      return List.of();
    }
    List<InferencePolicy> near = onGateways.stream()
        .filter(policy -> policy.namespace().equals(section.get().namespace()))
        .toList();
    Predicate<Target> gateway = target ->
        target.kind().equals("Gateway") && target.name().equals(section.get().name());
    return Stream.of(
            winner(
                near,
                gateway.and(target -> target.sectionName().equals(section.get().listener())
                    && !target.sectionName().isEmpty())),
            winner(near, gateway.and(target -> target.sectionName().isEmpty())))
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<GatewaySection> section(VirtualHostTwin host) {
    try {
      return GatewaySection.of(host);
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("VirtualHost", host.getName(), unreadable);
      return Optional.empty();
    }
  }

  private Optional<InferencePolicy> winner(
      List<InferencePolicy> policies, Predicate<Target> target) {
    PolicyPrecedence attached = PolicyPrecedence.of(policies, target);
    diagnostics.addAll(attached.conflicts());
    return attached.winner();
  }

  private List<InferencePolicy> valid(Stream<Parsed<InferencePolicy>> policies) {
    List<InferencePolicy> valid = new ArrayList<>();
    policies.forEach(policy -> {
      switch (policy) {
        case Parsed.Valid<InferencePolicy>(InferencePolicy value, List<Diagnostic> remarks) -> {
          diagnostics.addAll(remarks);
          valid.add(value);
        }
        case Parsed.Invalid<InferencePolicy>(List<Diagnostic> problems) ->
          diagnostics.addAll(problems);
      }
    });
    return valid;
  }

  private static String ruleName(RouteFacts facts) {
    return facts
        .rule()
        .map(rule -> switch (rule) {
          case Rule.OneCluster(String cluster) -> cluster;
          case Rule.Weighted(String name, long _) -> name;
        })
        .orElse(facts.name());
  }
}
