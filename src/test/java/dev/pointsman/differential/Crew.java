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

/** The pods, pickers and processors of a batch. */
final class Crew implements AutoCloseable {
  private final List<AutoCloseable> running = new ArrayList<>();
  private final List<Set<HostPort>> addresses = List.of(new HashSet<>(), new HashSet<>());

  /** Starts them; all of them write into one log. */
  Crew(List<Rendering> batch, Authority.Issued certificate, Log log) throws IOException {
    for (Rendering one : batch) {
      start(one.situation(), one.site(), one.side(), certificate, log);
    }
  }

  private void start(
      Situation situation, Site site, Side side, Authority.Issued certificate, Log log)
      throws IOException {
    for (Rule rule : situation.rules()) {
      for (Backend backend : rule.backends()) {
        Set<HostPort> all = start(backend, site, side, "rules", certificate, log);
        if (backend.weight() > 0) {
          rule.gateways().forEach(gateway -> addresses.get(gateway).addAll(all));
        }
      }
      for (Feature feature : rule.features()) {
        for (Backend backend : feature.backends()) {
          Set<HostPort> all = start(backend, site, side, backend.name(), certificate, log);
          rule.gateways().forEach(gateway -> addresses.get(gateway).addAll(all));
        }
      }
    }
    Server processor = Processor.start(site.processor(), log::add);
    running.add(processor::shutdownNow);
    running.add(Authorizer.start(site.authorizer()));
  }

  private Set<HostPort> start(
      Backend backend, Site site, Side side, String group, Authority.Issued certificate, Log log)
      throws IOException {
    List<String> endpoints = new ArrayList<>();
    Set<HostPort> all = new HashSet<>();
    for (int pod = 0; pod < Site.PODS; pod++) {
      HostPort address = site.pod(backend.number(), pod);
      running.add(new Pod(address, backend.name(), pod, group, log));
      endpoints.add(address.toString());
      all.add(address);
    }
    if (backend.hasPicker() && side == Side.POINTSMAN) {
      HostPort address = site.picker(backend.number());
      Mood mood = backend.isSilent() ? Mood.ENDING : Mood.HONEST;
      Server picker = EndpointPicker.start(address, certificate, endpoints, mood, log::add);
      running.add(picker::shutdownNow);
      all.add(address);
    }
    return all;
  }

  /** All that the Envoy of a Gateway must have before the first request. */
  Set<HostPort> addresses(int gateway) {
    return Set.copyOf(addresses.get(gateway));
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : running) {
      one.close();
    }
  }
}
