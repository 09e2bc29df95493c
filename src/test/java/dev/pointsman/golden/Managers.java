package dev.pointsman.golden;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The HTTP connection managers of listeners. */
final class Managers {
  private Managers() {}

  static List<HttpConnectionManager> of(Listener listener) {
    List<HttpConnectionManager> managers = new ArrayList<>();
    Listener _ = edited(listener, manager -> {
      managers.add(manager);
      return manager;
    });
    return managers;
  }

  /** The listener with each manager edited. */
  static Listener edited(Listener listener, UnaryOperator<HttpConnectionManager> edit) {
    Listener.Builder edited = listener.toBuilder();
    edited.getFilterChainsBuilderList().forEach(chain -> edit(chain, edit));
    if (listener.hasDefaultFilterChain()) {
      edit(edited.getDefaultFilterChainBuilder(), edit);
    }
    return edited.build();
  }

  private static void edit(FilterChain.Builder chain, UnaryOperator<HttpConnectionManager> edit) {
    for (Filter.Builder filter : chain.getFiltersBuilderList()) {
      Any config = filter.getTypedConfig();
      if (config.is(HttpConnectionManager.class)) {
        try {
          filter.setTypedConfig(Any.pack(edit.apply(config.unpack(HttpConnectionManager.class))));
        } catch (InvalidProtocolBufferException e) {
          throw new Named.Unreadable(e);
        }
      }
    }
  }
}
