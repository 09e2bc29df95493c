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
  private final Set<HostPort> addresses = new HashSet<>();

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
        start(backend, site, side, "rules", certificate, log);
      }
      for (Feature feature : rule.features()) {
        for (Backend backend : feature.backends()) {
          start(backend, site, side, backend.name(), certificate, log);
        }
      }
    }
    Server processor = Processor.start(site.processor(), log::add);
    running.add(processor::shutdownNow);
  }

  private void start(
      Backend backend, Site site, Side side, String group, Authority.Issued certificate, Log log)
      throws IOException {
    List<String> endpoints = new ArrayList<>();
    for (int pod = 0; pod < Site.PODS; pod++) {
      HostPort address = site.pod(backend.number(), pod);
      running.add(new Pod(address, backend.name(), pod, group, log));
      endpoints.add(address.toString());
      addresses.add(address);
    }
    if (backend.hasPicker() && side == Side.POINTSMAN) {
      HostPort address = site.picker(backend.number());
      Mood mood = backend.isSilent() ? Mood.ENDING : Mood.HONEST;
      Server picker = EndpointPicker.start(address, certificate, endpoints, mood, log::add);
      running.add(picker::shutdownNow);
      addresses.add(address);
    }
  }

  /** All that Envoy must have before the first request. */
  Set<HostPort> addresses() {
    return Set.copyOf(addresses);
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : running) {
      one.close();
    }
  }
}
