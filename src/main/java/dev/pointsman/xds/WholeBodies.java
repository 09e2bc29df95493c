package dev.pointsman.xds;

import com.google.common.collect.Sets;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reports HTTPRoutes whose processors get large bodies as one message. */
final class WholeBodies {
  private WholeBodies() {}

  static List<Diagnostic> of(InitialRoutes initialRoutes, BodyReading reading) {
    Set<String> nonStreaming = reading.processors().nonStreaming();
    if (nonStreaming.isEmpty() || !LargeBodies.areBuffered(reading.bodyLimit())) {
      return List.of();
    }
    Map<ObjectRef, Set<String>> byOwner = new TreeMap<>(Comparator.comparing(ObjectRef::toString));
    Stream.concat(
            initialRoutes.modelRouteSets().keySet().stream()
                .map(modelRoutes -> Map.entry(modelRoutes.owner(), modelRoutes.filters())),
            initialRoutes.routes().stream()
                .flatMap(List::stream)
                .map(routes -> Map.entry(routes.route().owner(), routes.route().filters())))
        .forEach(route -> byOwner
            .computeIfAbsent(route.getKey(), _ -> new TreeSet<>())
            .addAll(Sets.intersection(route.getValue(), nonStreaming)));
    List<Diagnostic> diagnostics = new ArrayList<>();
    byOwner.forEach((owner, processors) -> {
      if (!processors.isEmpty()) {
        diagnostics.add(diagnostic(owner, processors));
      }
    });
    return diagnostics;
  }

  private static Diagnostic diagnostic(ObjectRef owner, Set<String> processors) {
    return new Diagnostic(
        Reason.WholeBodies,
        owner,
        "",
        "answers 500 for bodies above 4 MB that " + FilterWords.of(processors)
            + " does not take as one gRPC message, failOpen or not: in an EnvoyExtensionPolicy, use"
            + " processingMode.request.body Streamed or FullDuplexStreamed, without attributes, metadata and"
            + " allowModeOverride, for bodies in pieces");
  }
}
