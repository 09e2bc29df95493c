package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.ClassPolicies;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Target;
import dev.pointsman.model.ModelSettings;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.GatewaySection;
import dev.pointsman.xds.HostModels;
import dev.pointsman.xds.ModelListing;
import dev.pointsman.xds.XdsSettings;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The InferencePolicies on Gateways, listeners and GatewayClasses, which are part of the translation's request. */
final class GatewayPolicies {
  private final List<InferencePolicy> policies;
  private final XdsSettings settings;
  private final Diagnostics diagnostics;
  private final Map<ShallowVirtualHost, List<InferencePolicy>> byHost = new IdentityHashMap<>();
  private final Optional<InferencePolicy> onClass;

  GatewayPolicies(List<ByteString> objects, XdsSettings settings, Diagnostics diagnostics) {
    this.settings = settings;
    this.diagnostics = diagnostics;
    policies = PolicyObjects.read(objects).stream()
        .map(PolicyParser::parse)
        .map(diagnostics::valid)
        .flatMap(Optional::stream)
        .toList();
    onClass = onClass();
  }

  /**
   * The policy on the GatewayClass. Envoy Gateway sends it if it merges the class's Gateways, from any namespace; one
   * namespace is trusted with the Gateways of all.
   */
  private Optional<InferencePolicy> onClass() {
    Predicate<Target> gatewayClass = target -> target.kind().equals("GatewayClass");
    Map<Boolean, List<InferencePolicy>> byTrust = policies.stream()
        .filter(policy -> policy.targets().stream().anyMatch(gatewayClass))
        .collect(Collectors.partitioningBy(
            policy -> policy.namespace().equals(settings.classPolicies())));
    byTrust
        .getOrDefault(false, List.of())
        .forEach(policy ->
            diagnostics.add(ClassPolicies.refused(policy.ref(), settings.classPolicies())));
    return diagnostics.winner(byTrust.getOrDefault(true, List.of()), gatewayClass);
  }

  /** Whether any policy is on a Gateway or listener. */
  boolean any() {
    return !policies.isEmpty();
  }

  /** Whether a policy is on the host's Gateway or listener. */
  boolean anyOn(ShallowVirtualHost host) {
    return !on(host).isEmpty();
  }

  /** Whether any policy names an additional header with the model's name. */
  boolean anyHeader() {
    return policies.stream().anyMatch(GatewayPolicies::hasHeader);
  }

  private static boolean hasHeader(InferencePolicy policy) {
    return policy.model().flatMap(ModelSettings::header).isPresent();
  }

  /** Reports that the host's additional header is not used. */
  void refuseHeader(ShallowVirtualHost host) {
    on(host).stream()
        .filter(policy -> policy.model().isPresent())
        .findFirst()
        .filter(GatewayPolicies::hasHeader)
        .ifPresent(policy -> diagnostics.add(new Diagnostic(
            Reason.SharedHeader,
            policy.ref(),
            "spec.model.header",
            "has no effect: other hosts of the port have not got it, and Envoy would set and remove it for their requests,"
                + " too. Set it for all listeners of the port, or use a port of its own")));
  }

  /** Whether a policy changes the host independently of its routes. */
  boolean isRelevant(ShallowVirtualHost host) {
    return on(host).stream()
        .map(InferencePolicy::model)
        .flatMap(Optional::stream)
        .anyMatch(model -> model.list().orElse(false) || model.extraction().orElse(false));
  }

  /** The settings for the host's models. */
  HostModels models(ShallowVirtualHost host) {
    HostModels otherwise = HostModels.byDefault(settings);
    return on(host).stream()
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
            model.onUnknown() == ModelSettings.OnUnknown.NOT_FOUND,
            model
                .list()
                .map(on -> on ? new ModelListing.BeforeRoutes(policy.ref()) : ModelListing.OFF)
                .orElse(ModelListing.BEHIND_ROUTES),
            model.sources().or(otherwise::asked)));
  }

  /** The policies on the host's listener, on its Gateway and on the GatewayClass, the more specific first. */
  List<InferencePolicy> on(ShallowVirtualHost host) {
    return policies.isEmpty() ? List.of() : byHost.computeIfAbsent(host, this::winners);
  }

  private List<InferencePolicy> winners(ShallowVirtualHost host) {
    Optional<GatewaySection> section = section(host);
    if (section.isEmpty()) {
      return List.of();
    }
    List<InferencePolicy> near = policies.stream()
        .filter(policy -> policy.namespace().equals(section.get().namespace()))
        .toList();
    Predicate<Target> gateway = target ->
        target.kind().equals("Gateway") && target.name().equals(section.get().name());
    return Stream.of(
            diagnostics.winner(
                near,
                gateway.and(target -> target.sectionName().equals(section.get().listener())
                    && !target.sectionName().isEmpty())),
            diagnostics.winner(near, gateway.and(target -> target.sectionName().isEmpty())),
            onClass)
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<GatewaySection> section(ShallowVirtualHost host) {
    try {
      return GatewaySection.of(host);
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("VirtualHost", host.getName(), unreadable);
      return Optional.empty();
    }
  }
}
