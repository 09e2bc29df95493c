package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.pointsman.extension.PostRouteModifyResponse;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.InBand;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.HashMap;
import java.util.Map;

/**
 * The records of this build's Route hook, for a translation that has those of another build or none. Envoy Gateway
 * inserts each answer of the Route hook into the translation that it sends at the end.
 */
final class RouteRecords {
  private Map<String, Struct> byRoute = new HashMap<>();

  /**
   * Keeps the record of an answer.
   *
   * @throws InvalidProtocolBufferException if it is no route
   */
  void add(PostRouteModifyResponse answer) throws InvalidProtocolBufferException {
    Route route = Route.parseFrom(answer.getRoute());
    InBand.recordOf(route).ifPresent(record -> byRoute.put(route.getName(), record));
  }

  /** The records since the last call, by route. */
  Map<String, Struct> take() {
    Map<String, Struct> taken = byRoute;
    byRoute = new HashMap<>();
    return taken;
  }

  /**
   * The translation with these records in place of others.
   *
   * @throws InvalidProtocolBufferException if a resource cannot be read
   */
  static PostTranslateModifyRequest into(
      PostTranslateModifyRequest request, Map<String, Struct> records)
      throws InvalidProtocolBufferException {
    if (records.isEmpty()) {
      return request;
    }
    PostTranslateModifyRequest.Builder recorded = request.toBuilder().clearRoutes();
    for (ByteString table : request.getRoutesList()) {
      recorded.addRoutes(into(table, records));
    }
    return recorded.build();
  }

  private static ByteString into(ByteString table, Map<String, Struct> records)
      throws InvalidProtocolBufferException {
    ShallowRouteConfiguration shallow = ShallowRouteConfiguration.parseFrom(table);
    ShallowRouteConfiguration.Builder recorded = shallow.toBuilder().clearVirtualHosts();
    for (ByteString bytes : shallow.getVirtualHostsList()) {
      ShallowVirtualHost host = ShallowVirtualHost.parseFrom(bytes);
      ShallowVirtualHost.Builder routes = host.toBuilder().clearRoutes();
      for (ByteString route : host.getRoutesList()) {
        routes.addRoutes(withRecord(route, records));
      }
      recorded.addVirtualHosts(routes.build().toByteString());
    }
    ShallowRouteConfiguration result = recorded.build();
    return result.equals(shallow) ? table : result.toByteString();
  }

  private static ByteString withRecord(ByteString bytes, Map<String, Struct> records)
      throws InvalidProtocolBufferException {
    Route route = Route.parseFrom(bytes);
    Struct record = records.get(route.getName());
    return record == null ? bytes : InBand.withRecord(route, record).toByteString();
  }
}
