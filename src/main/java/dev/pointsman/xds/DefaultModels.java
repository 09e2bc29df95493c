package dev.pointsman.xds;

import dev.pointsman.model.ModelSettings.Source;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Model routes of a listener on which an operator sets a default model before the first route is selected. A JSON body
 * may name another model, whose route may have other filters, and Envoy enables filters by the first route. So a JSON
 * request matches no model route before its body has been read: its initial route is that of requests without a model,
 * with the right filters for its path.
 */
final class DefaultModels {
  private DefaultModels() {}

  /**
   * The routes that replace a model route: for requests that name no model themselves, then for those that were read.
   *
   * @param sources the places where requests may name their model
   */
  static List<Route> split(Route route, Set<Source> sources) {
    List<Route> routes = new ArrayList<>();
    routes.add(without(route, sources, XdsNames.notJsonRoute(route.getName())));
    if (sources.contains(Source.FORM)) { // forms on other paths have no model
      List<HeaderMatcher> form = ModelSources.mayName(Source.FORM);
      Route.Builder upload =
          without(route, withoutForms(sources), XdsNames.uploadRoute(route.getName())).toBuilder();
      upload
          .getMatchBuilder()
          .addHeaders(form.getFirst())
          .addHeaders(ModelSources.not(form.getLast()));
      routes.add(upload.build());
    }
    routes.add(read(route));
    return routes;
  }

  private static Set<Source> withoutForms(Set<Source> sources) {
    return sources.stream()
        .filter(source -> source != Source.FORM)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Route without(Route route, Set<Source> sources, String name) {
    Route.Builder without = route.toBuilder().setName(name);
    for (Source source : sources) {
      without
          .getMatchBuilder()
          .addHeaders(ModelSources.not(ModelSources.mayName(source).getFirst()));
    }
    return without.build();
  }

  /** The extraction stores the size of each body that it reads. */
  private static Route read(Route route) {
    return route.toBuilder()
        .setMatch(route.getMatch().toBuilder().addFilterState(ModelExtraction.hasRead("[0-9]+")))
        .build();
  }
}
