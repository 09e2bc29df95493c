package dev.pointsman.differential;

import dev.pointsman.config.HostPort;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.EndpointPicker;
import dev.pointsman.rig.EndpointPicker.Mood;
import io.grpc.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The pods, pickers, processors and authorizers of a batch. */
final class BatchServers implements AutoCloseable {
  private final List<AutoCloseable> running = new ArrayList<>();
  private final List<Set<HostPort>> hosts = List.of(new HashSet<>(), new HashSet<>());

  /** Starts the servers; all write to one log. */
  BatchServers(List<Rendering> batch, Authority.Issued certificate, TrafficLog log)
      throws IOException {
    for (Rendering one : batch) {
      start(one.situation(), one.addresses(), one.side(), certificate, log);
    }
  }

  private void start(
      Situation situation,
      Addresses addresses,
      Side side,
      Authority.Issued certificate,
      TrafficLog log)
      throws IOException {
    for (Rule rule : situation.rules()) {
      for (Backend backend : rule.backends()) {
        Set<HostPort> all = start(backend, addresses, side, "rules", certificate, log);
        if (backend.weight() > 0) {
          rule.gateways().forEach(gateway -> hosts.get(gateway).addAll(all));
        }
      }
      for (Feature feature : rule.features()) {
        for (Backend backend : feature.backends()) {
          Set<HostPort> all = start(backend, addresses, side, backend.name(), certificate, log);
          rule.gateways().forEach(gateway -> hosts.get(gateway).addAll(all));
        }
      }
    }
    Server processor = UserProcessor.start(addresses.processor(), log::add);
    running.add(processor::shutdownNow);
    running.add(Authorizer.start(addresses.authorizer()));
  }

  private Set<HostPort> start(
      Backend backend,
      Addresses addresses,
      Side side,
      String group,
      Authority.Issued certificate,
      TrafficLog log)
      throws IOException {
    List<String> endpoints = new ArrayList<>();
    Set<HostPort> all = new HashSet<>();
    for (int pod = 0; pod < Addresses.PODS; pod++) {
      HostPort address = addresses.pod(backend.number(), pod);
      running.add(new Pod(address, backend.name(), pod, group, log));
      endpoints.add(address.toString());
      all.add(address);
    }
    if (backend.hasPicker() && side == Side.POINTSMAN) {
      HostPort address = addresses.picker(backend.number());
      Mood mood = backend.isSilent() ? Mood.ENDING : Mood.HONEST;
      Server picker = EndpointPicker.start(address, certificate, endpoints, mood, log::add);
      running.add(picker::shutdownNow);
      all.add(address);
    }
    return all;
  }

  /** The hosts that a Gateway's Envoy must have before the first request. */
  Set<HostPort> hosts(int gateway) {
    return Set.copyOf(hosts.get(gateway));
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : running) {
      one.close();
    }
  }
}
