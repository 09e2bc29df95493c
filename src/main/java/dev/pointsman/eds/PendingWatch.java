package dev.pointsman.eds;

import dev.pointsman.model.UserStrings;
import io.envoyproxy.controlplane.cache.AbstractWatch;
import io.envoyproxy.controlplane.cache.DeltaResponse;
import io.envoyproxy.controlplane.cache.DeltaWatch;
import io.envoyproxy.controlplane.cache.DeltaXdsRequest;
import io.envoyproxy.controlplane.cache.Response;
import io.envoyproxy.controlplane.cache.VersionedResource;
import io.envoyproxy.controlplane.cache.Watch;
import io.envoyproxy.controlplane.cache.WatchCancelledException;
import io.envoyproxy.controlplane.cache.XdsRequest;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A stream's watch for the assignments of some names. It gets one response; the ACK or NACK opens a new watch. Watches are
 * compared by identity: each is put into a set for each of its names, which may be many.
 */
sealed interface PendingWatch {
  /** The longest text of a proxy that is retained or logged. */
  int LONGEST = 2_000;

  /** The watched names. */
  Set<String> names();

  /** The error of the last NACK, as a part of one line; empty after an ACK. */
  String refusal();

  AbstractWatch<?, ?> watch();

  /** Whether the proxy has a version of the resource, maybe of another process. */
  boolean has(String name);

  ClientStream stream();

  /**
   * The assignments to send now; empty while there is nothing new.
   *
   * @param known the present assignments of {@link #names}
   */
  List<Assignment> due(List<Assignment> known, VersionPrefix versionPrefix);

  /** Sends a response; a closed stream is ignored. */
  void send(List<Assignment> assignments, VersionPrefix versionPrefix);

  /** State of the world: a response has all names at one version. */
  record Sotw(
      Set<String> names, Set<String> acknowledged, String refusal, Watch watch, ClientStream stream)
      implements PendingWatch {
    static Sotw of(
        boolean ads, XdsRequest request, Set<String> acknowledged, Consumer<Response> consumer) {
      DiscoveryRequest whole = Objects.requireNonNull(request.v3Request());
      // The rest of the request is not used, and must not be retained as long as the stream: an
      // Envoy's
      // node is some 60 KB.
      DiscoveryRequest.Builder slim = DiscoveryRequest.newBuilder().setTypeUrl(whole.getTypeUrl());
      if (whole.getVersionInfo().length() <= LONGEST) {
        slim.setVersionInfo(whole.getVersionInfo());
      }
      return new Sotw(
          Set.copyOf(whole.getResourceNamesList()),
          Set.copyOf(acknowledged),
          UserStrings.legible(whole.getErrorDetail().getMessage(), LONGEST),
          new Watch(ads, false, XdsRequest.create(slim.build()), consumer),
          ClientStream.current());
    }

    @Override
    public boolean has(String name) {
      return !watch.request().getVersionInfo().isEmpty();
    }

    @Override
    public List<Assignment> due(List<Assignment> known, VersionPrefix versionPrefix) {
      boolean same = versionPrefix.version(known).equals(watch.request().getVersionInfo())
          && known.stream().map(Assignment::name).allMatch(acknowledged::contains);
      return same ? List.of() : known;
    }

    @Override
    public void send(List<Assignment> assignments, VersionPrefix versionPrefix) {
      List<ClusterLoadAssignment> messages =
          assignments.stream().map(Assignment::message).toList();
      respond(
          watch, Response.create(watch.request(), messages, versionPrefix.version(assignments)));
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /**
   * Delta: a response has the names without an ACK of their present version.
   *
   * @param held the names of which the proxy has a version
   */
  record Delta(
      Set<String> names,
      Set<String> held,
      Map<String, String> acknowledged,
      String refusal,
      DeltaWatch watch,
      ClientStream stream)
      implements PendingWatch {
    static Delta of(
        DeltaXdsRequest request,
        Map<String, String> acknowledged,
        Set<String> pending,
        Consumer<DeltaResponse> consumer) {
      DeltaDiscoveryRequest whole = Objects.requireNonNull(request.v3Request());
      DeltaXdsRequest slim = DeltaXdsRequest.create(
          DeltaDiscoveryRequest.newBuilder().setTypeUrl(whole.getTypeUrl()).build());
      Map<String, String> versions =
          new HashMap<>(acknowledged); // the caller continues to modify its map
      Set<String> names = new HashSet<>(versions.keySet());
      names.addAll(pending);
      versions
          .keySet()
          .removeAll(pending); // subscribed again: requires a response even if it had one
      Set<String> held = new HashSet<>(whole.getInitialResourceVersionsMap().keySet());
      held.addAll(versions.keySet());
      held.retainAll(names);
      return new Delta(
          Set.copyOf(names),
          Set.copyOf(held),
          Map.copyOf(versions),
          UserStrings.legible(whole.getErrorDetail().getMessage(), LONGEST),
          new DeltaWatch(slim, versions, Set.of(), "", false, consumer),
          ClientStream.current());
    }

    @Override
    public boolean has(String name) {
      return held.contains(name);
    }

    @Override
    public List<Assignment> due(List<Assignment> known, VersionPrefix versionPrefix) {
      List<Assignment> due = new ArrayList<>();
      for (Assignment assignment : known) {
        if (!versionPrefix
            .version(List.of(assignment))
            .equals(acknowledged.get(assignment.name()))) {
          due.add(assignment);
        }
      }
      return due;
    }

    @Override
    public void send(List<Assignment> assignments, VersionPrefix versionPrefix) {
      Map<String, VersionedResource<?>> resources = new HashMap<>();
      for (Assignment assignment : assignments) {
        resources.put(
            assignment.name(),
            VersionedResource.create(
                assignment.message(), versionPrefix.version(List.of(assignment))));
      }
      // No resource is ever sent as removed: the server would forget its subscription.
      respond(
          watch,
          DeltaResponse.create(
              watch.request(), resources, List.of(), versionPrefix.version(assignments)));
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private static <T> void respond(AbstractWatch<?, T> watch, T response) {
    try {
      watch.respond(response);
    } catch (WatchCancelledException e) {
      // closed between the check and the response
    }
  }
}
