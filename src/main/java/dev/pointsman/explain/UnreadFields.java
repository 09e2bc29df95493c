package dev.pointsman.explain;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import dev.pointsman.xds.KnownTypes;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fields on the way of a request that an explanation does not follow, although they may lead it elsewhere. */
final class UnreadFields {
  /** The fields by message that explanations follow, and those that change neither the route nor the backend nor a limit. */
  private static final Map<Descriptor, Set<String>> READ = Map.of(
      VirtualHost.getDescriptor(),
      Set.of(
          "name",
          "domains",
          "routes",
          "virtual_clusters",
          "rate_limits",
          "request_headers_to_add",
          "request_headers_to_remove",
          "response_headers_to_add",
          "response_headers_to_remove",
          "cors",
          "typed_per_filter_config",
          "include_request_attempt_count",
          "include_attempt_count_in_response",
          "include_is_timeout_retry_header",
          "metadata"),
      Route.getDescriptor(),
      Set.of(
          "name",
          "match",
          "route",
          "redirect",
          "direct_response",
          "metadata",
          "decorator",
          "typed_per_filter_config",
          "request_headers_to_add",
          "request_headers_to_remove",
          "response_headers_to_add",
          "response_headers_to_remove",
          "tracing",
          "stat_prefix",
          "request_body_buffer_limit"),
      RouteAction.getDescriptor(),
      Set.of(
          "cluster",
          "weighted_clusters",
          "cluster_not_found_response_code",
          "prefix_rewrite",
          "regex_rewrite",
          "path_rewrite_policy",
          "host_rewrite_literal",
          "auto_host_rewrite",
          "host_rewrite_header",
          "host_rewrite_path_regex",
          "append_x_forwarded_host",
          "timeout",
          "idle_timeout",
          "flush_timeout",
          "early_data_policy",
          "retry_policy",
          "request_mirror_policies",
          "priority",
          "rate_limits",
          "include_vh_rate_limits",
          "hash_policy",
          "cors",
          "upgrade_configs",
          "max_stream_duration"));

  private UnreadFields() {}

  /** The fields of the message that are set and not followed, such as {@code RouteAction.cluster_header}. */
  static List<String> of(Message message) {
    Descriptor type = message.getDescriptorForType();
    Set<String> read = READ.getOrDefault(type, Set.of());
    List<String> unread = new ArrayList<>();
    message.getAllFields().keySet().stream()
        .filter(field -> !read.contains(field.getName()))
        .forEach(field -> unread.add(type.getName() + "." + field.getName()));
    if (KnownTypes.hasUnknownFields(message)) {
      unread.add("a field of " + type.getName() + " that this build does not know");
    }
    return unread;
  }
}
