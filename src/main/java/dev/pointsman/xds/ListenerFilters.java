package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Puts our filters into the HTTP connection managers of listeners. What is put there does not depend on which pools and
 * models there are, so that a pool more or less never changes a listener: that would cut long answers short.
 */
public final class ListenerFilters {
  private ListenerFilters() {}

  /**
   * What a route configuration asks of the listeners that use it.
   *
   * @param pools whether a route of it goes to a pool
   * @param models whether a route of it asks for a model
   * @param headers more headers that carry the model's name
   */
  public record Needs(boolean pools, boolean models, SortedSet<String> headers) {
    /** Nothing. */
    public static final Needs NOTHING = new Needs(false, false, new TreeSet<>());

    public Needs {
      headers = Collections.unmodifiableSortedSet(new TreeSet<>(headers));
    }

    /** What either asks. */
    public Needs and(Needs other) {
      SortedSet<String> all = new TreeSet<>(headers);
      all.addAll(other.headers);
      return new Needs(pools || other.pools, models || other.models, all);
    }
  }

  /**
   * The listener with the filters that its route configurations need; the same instance when there is nothing to do.
   *
   * @param needs by route configuration's name
   * @throws InvalidProtocolBufferException when a connection manager cannot be read
   */
  public static Listener rewrite(Listener listener, Map<String, Needs> needs)
      throws InvalidProtocolBufferException {
    return eachManager(listener, manager -> {
      Needs needed = manager.hasRds() ? needs.get(manager.getRds().getRouteConfigName()) : null;
      return needed == null || isOurs(manager) ? manager : add(manager, needed);
    });
  }

  /**
   * The filters that the listener disables until a route switches them on, by route configuration's name.
   *
   * @throws InvalidProtocolBufferException when a connection manager cannot be read
   */
  public static Map<String, List<HttpFilter>> disabledFilters(Listener listener)
      throws InvalidProtocolBufferException {
    Map<String, List<HttpFilter>> disabled = new HashMap<>();
    Listener _ = eachManager(listener, manager -> {
      List<HttpFilter> filters = manager.getHttpFiltersList().stream()
          .filter(filter -> filter.getDisabled() && !XdsNames.isOurs(filter.getName()))
          .toList();
      disabled
          .computeIfAbsent(manager.getRds().getRouteConfigName(), _ -> new ArrayList<>())
          .addAll(filters);
      return manager;
    });
    return disabled;
  }

  private static Listener eachManager(
      Listener listener, UnaryOperator<HttpConnectionManager> change)
      throws InvalidProtocolBufferException {
    Listener.Builder changed = listener.toBuilder();
    for (int i = 0; i < listener.getFilterChainsCount(); i++) {
      changed.setFilterChains(i, eachManager(listener.getFilterChains(i), change));
    }
    if (listener.hasDefaultFilterChain()) {
      changed.setDefaultFilterChain(eachManager(listener.getDefaultFilterChain(), change));
    }
    Listener result = changed.build();
    return result.equals(listener) ? listener : result;
  }

  private static FilterChain eachManager(
      FilterChain chain, UnaryOperator<HttpConnectionManager> change)
      throws InvalidProtocolBufferException {
    FilterChain.Builder changed = chain.toBuilder();
    for (int i = 0; i < chain.getFiltersCount(); i++) {
      Filter filter = chain.getFilters(i);
      if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
        HttpConnectionManager manager = filter.getTypedConfig().unpack(HttpConnectionManager.class);
        HttpConnectionManager result = change.apply(manager);
        if (!result.equals(manager)) {
          changed.setFilters(i, filter.toBuilder().setTypedConfig(Any.pack(result)));
        }
      }
    }
    return changed.build();
  }

  private static boolean isOurs(HttpConnectionManager manager) {
    return manager.getEarlyHeaderMutationExtensionsList().stream()
        .anyMatch(extension -> extension.getName().equals(XdsNames.STRIP_HEADERS));
  }

  private static HttpConnectionManager add(HttpConnectionManager manager, Needs needs) {
    List<HttpFilter> filters = new ArrayList<>(manager.getHttpFiltersList());
    List<String> stripped = new ArrayList<>();
    if (needs.pools()) {
      int beforeRouter = Math.max(0, filters.size() - 1); // the router is always last
      filters.addAll(beforeRouter, FirstPick.filters());
      filters.add(beforeRouter, EndpointPickerFilter.filter());
      stripped.add(XdsNames.DESTINATION_HEADER);
    }
    if (needs.models()) {
      filters.addAll(0, ModelExtraction.filters(needs.headers()));
      stripped.add(XdsNames.MODEL_HEADER);
      stripped.add(XdsNames.BASE_MODEL_HEADER);
      stripped.addAll(needs.headers());
    }
    HttpConnectionManager.Builder added =
        manager.toBuilder().clearHttpFilters().addAllHttpFilters(filters);
    if (needs.pools()) {
      added.setLocalReplyConfig(BodilessResponses.localReplies(added.getLocalReplyConfig()));
    }
    // First, so that the gateway's owner may still set them there on purpose.
    added.addEarlyHeaderMutationExtensions(0, ClientHeaders.strip(stripped));
    return added.build();
  }
}
