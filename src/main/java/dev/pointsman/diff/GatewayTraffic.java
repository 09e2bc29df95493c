package dev.pointsman.diff;

import dev.pointsman.explain.GatewayOverview;
import dev.pointsman.explain.GatewayOverview.HostOverview;
import dev.pointsman.explain.GatewayOverview.ListenerOverview;
import dev.pointsman.explain.GatewayOverview.RuleOverview;
import dev.pointsman.explain.RequestEnd;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.explain.RequestEnd.PickerUse;
import dev.pointsman.explain.RequestEnd.Staged;
import dev.pointsman.explain.RequestEnd.TrafficShare;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The traffic of Gateways by the xDS that Envoy gets.
 *
 * @param endpoints those of pools and pickers, as far as they are known
 */
record GatewayTraffic(ModelTraffic models, SortedMap<String, List<String>> endpoints) {
  /** The traffic of all rules of the overviews. */
  static GatewayTraffic of(List<GatewayOverview> gateways) {
    GatewayTraffic traffic = new GatewayTraffic(new ModelTraffic(), new TreeMap<>());
    for (GatewayOverview gateway : gateways) {
      for (ListenerOverview listener : gateway.listeners()) {
        listener.hosts().forEach(host -> traffic.add(place(gateway, listener, host), host));
      }
    }
    return traffic;
  }

  /** Listeners may have equal names in several Gateways: {@code tcp-80}. */
  private static String place(
      GatewayOverview gateway, ListenerOverview listener, HostOverview host) {
    boolean names = gateway.gateways().stream().anyMatch(listener.name()::startsWith);
    return "listener " + listener.name()
        + (names || gateway.gateways().isEmpty()
            ? ""
            : " of " + String.join(", ", gateway.gateways()))
        + ", host " + String.join(", ", host.domains());
  }

  private void add(String place, HostOverview host) {
    for (RuleOverview rule : host.rules()) {
      models.add(place, rule.models(), rule.conditions(), EndFacts.of(rule));
      shares(rule.end()).forEach(this::add);
    }
  }

  private static Stream<TrafficShare> shares(RequestEnd end) {
    return switch (end) {
      case Forwarded forwarded -> forwarded.shares().stream();
      case Staged staged -> staged.stages().stream().flatMap(GatewayTraffic::shares);
      default -> Stream.of();
    };
  }

  private void add(TrafficShare share) {
    share
        .pool()
        .ifPresent(pool -> share
            .endpoints()
            .ifPresent(all -> endpoints.put(
                "InferencePool " + pool
                    + share.subset().map(labels -> " with " + labels).orElse(""),
                all)));
    share.picker().ifPresent(this::add);
  }

  private void add(PickerUse picker) {
    picker.endpoints().ifPresent(all -> endpoints.put("picker " + picker.service(), all));
  }
}
