package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
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

/**
 * Adds filters to the HTTP connection managers of listeners. They do not depend on the set of pools and models, so a
 * new or deleted pool never changes a listener, which would drain it and cut long responses.
 */
public final class ListenerFilters {
  /** Envoy's default. */
  private static final long DEFAULT_BUFFER_BYTES = 1 << 20;

  private ListenerFilters() {}

  /**
   * The needs of a route configuration for the listeners that use it.
   *
   * @param pools whether one of its routes targets a pool
   * @param models whether one of its routes has a model condition
   * @param headers additional headers with the model's name
   */
  public record Needs(boolean pools, boolean models, SortedSet<String> headers) {
    /** No needs. */
    public static final Needs NOTHING = new Needs(false, false, new TreeSet<>());

    public Needs {
      headers = Collections.unmodifiableSortedSet(new TreeSet<>(headers));
    }

    /** The needs of both. */
    public Needs and(Needs other) {
      SortedSet<String> all = new TreeSet<>(headers);
      all.addAll(other.headers);
      return new Needs(pools || other.pools, models || other.models, all);
    }
  }

  /**
   * A rewritten listener.
   *
   * @param listener the same instance if nothing changed
   * @param diagnostics of its filters
   */
  public record Rewritten(Listener listener, List<Diagnostic> diagnostics) {}

  /**
   * The listener with the filters that its route configurations need.
   *
   * @param needs by the route configuration's name
   * @throws InvalidProtocolBufferException if a connection manager or a filter cannot be read
   */
  public static Rewritten rewrite(Listener listener, Map<String, Needs> needs)
      throws InvalidProtocolBufferException {
    List<String> removed = new ArrayList<>();
    long bufferBytes = bufferBytes(listener);
    Listener rewritten = eachManager(listener, manager -> {
      Needs needed = manager.hasRds() ? needs.get(manager.getRds().getRouteConfigName()) : null;
      return needed == null || isOurs(manager)
          ? manager
          : add(manager, needed, bufferBytes, removed);
    });
    return new Rewritten(
        rewritten,
        removed.stream()
            .distinct()
            .map(claim -> reserved(listener.getName(), claim))
            .toList());
  }

  private static Diagnostic reserved(String listener, String claim) {
    return new Diagnostic(
        Reason.ReservedHeader,
        new ObjectRef("Listener", "", listener),
        "",
        "leaves out the " + claim
            + ": only the gateway sets that header. Take it out of the SecurityPolicy's claimToHeaders");
  }

  /**
   * Facts about the listener's connection managers, by the route configuration's name.
   *
   * @throws InvalidProtocolBufferException if a connection manager cannot be read
   */
  public static Map<String, GatewayFilters> gatewayFilters(Listener listener)
      throws InvalidProtocolBufferException {
    Map<String, GatewayFilters> filters = new HashMap<>();
    long bufferBytes = bufferBytes(listener);
    Listener _ = eachManager(listener, manager -> {
      filters.merge(
          manager.getRds().getRouteConfigName(),
          GatewayFilters.of(manager, bufferBytes),
          GatewayFilters::and);
      return manager;
    });
    return filters;
  }

  /** The largest amount that a listener reads from a connection at once, in bytes. */
  public static long bufferBytes(Listener listener) {
    return listener.hasPerConnectionBufferLimitBytes()
        ? Integer.toUnsignedLong(listener.getPerConnectionBufferLimitBytes().getValue())
        : DEFAULT_BUFFER_BYTES;
  }

  private interface ManagerChange {
    HttpConnectionManager apply(HttpConnectionManager manager)
        throws InvalidProtocolBufferException;
  }

  private static Listener eachManager(Listener listener, ManagerChange change)
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

  private static FilterChain eachManager(FilterChain chain, ManagerChange change)
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

  private static HttpConnectionManager add(
      HttpConnectionManager manager, Needs needs, long bufferBytes, List<String> removed)
      throws InvalidProtocolBufferException {
    List<String> reserved = reserved(needs);
    List<HttpFilter> filters = new ArrayList<>();
    for (HttpFilter filter : manager.getHttpFiltersList()) {
      TokenClaims claims = TokenClaims.without(filter, reserved);
      filters.add(claims.filter());
      removed.addAll(claims.removed());
    }
    List<HttpFilter> last = last(filters, needs);
    List<HttpFilter> first = first(filters, needs);
    filters.addAll(Math.max(0, filters.size() - 1), last); // the router is always last
    filters.addAll(0, first);
    HttpConnectionManager.Builder added =
        manager.toBuilder().clearHttpFilters().addAllHttpFilters(filters);
    added.setLocalReplyConfig(
        LocalReplies.of(added.getLocalReplyConfig(), needs.pools(), needs.models(), bufferBytes));
    if (needs.pools()) {
      SpanTags.add(added);
    }
    // The first mutation, so that the gateway's owner can still set these headers in later ones.
    added.addEarlyHeaderMutationExtensions(0, ClientHeaders.strip(reserved));
    return added.build();
  }

  /** The filters before the user's, in the order of requests; responses pass them in the other order. */
  private static List<HttpFilter> first(List<HttpFilter> users, Needs needs) {
    List<HttpFilter> first = new ArrayList<>();
    if (needs.models()) {
      if (users.stream().anyMatch(ResponseOverrides::belongsToPolicy)) {
        first.add(ResponseOverrides.filter());
      }
      first.addAll(ModelExtraction.filters(needs.headers()));
    }
    if (needs.pools()) {
      first.add(ClientIdentity.removal());
    }
    return first;
  }

  /** The filters between the user's and the router. */
  private static List<HttpFilter> last(List<HttpFilter> users, Needs needs) {
    List<HttpFilter> last = new ArrayList<>();
    if (needs.models()) {
      last.add(Answers.filter());
    }
    if (needs.pools()) {
      last.add(ClientIdentity.filter());
      last.addAll(Explanations.filters());
      last.addAll(EndpointPickerFilter.filters());
      last.addAll(EjectionAwareHostOverride.filters());
      if (Sessions.areKept(users)) {
        last.add(Sessions.filter());
      }
      last.add(TokenUsage.filter()); // it sees a response before all filters that may change it
    }
    return last;
  }

  /** The headers that only the gateway sets. */
  private static List<String> reserved(Needs needs) {
    List<String> reserved = new ArrayList<>();
    if (needs.pools()) {
      reserved.add(XdsNames.DESTINATION_HEADER);
    }
    if (needs.models()) {
      reserved.add(XdsNames.MODEL_HEADER);
      reserved.add(XdsNames.BASE_MODEL_HEADER);
      reserved.addAll(needs.headers());
    }
    return reserved;
  }
}
