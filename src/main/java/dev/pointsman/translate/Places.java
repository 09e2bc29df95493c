package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import dev.pointsman.incremental.Place;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.translate.ClusterFactory.PickerCluster;
import dev.pointsman.translate.ClusterFactory.PoolCluster;
import dev.pointsman.translate.HostRoutes.HostInputs;
import dev.pointsman.translate.HostRoutes.HostName;
import dev.pointsman.translate.HostRoutes.PlannedHost;
import dev.pointsman.translate.HostRoutes.RewrittenHost;
import dev.pointsman.translate.RouteGroup.PlanInputs;
import dev.pointsman.translate.RouteGroup.RewriteInputs;
import dev.pointsman.translate.RouteGroup.RewrittenGroup;
import dev.pointsman.xds.ListenerFilters.Needs;
import dev.pointsman.xds.PlannedRoutes;
import dev.pointsman.xds.RouteChange;
import dev.pointsman.xds.RouteChange.Changed;
import dev.pointsman.xds.VirtualHosts;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The results of a translation that the next one may reuse, and their inputs. */
final class Places {
  static final Place<HostName, HostRoutes> HOSTS = new Place<>("hosts");
  static final Place<PlannedHost, VirtualHosts> HOST_SETTINGS = new Place<>("host-settings");
  static final Place<HostInputs, RewrittenHost> REWRITTEN_HOSTS = new Place<>("rewritten-hosts");
  static final Place<PlanInputs, GroupPlan> GROUP_PLANS = new Place<>("group-plans");
  static final Place<Set<String>, PlannedRoutes> PLANNED_GROUPS = new Place<>("planned-groups");
  static final Place<RewriteInputs, RewrittenGroup> REWRITTEN_GROUPS =
      new Place<>("rewritten-groups");
  static final Place<List<BackendWeight>, RulePlan> RULE_PLANS = new Place<>("rule-plans");
  static final Place<RouteChange, Changed> REWRITTEN_ROUTES = new Place<>("rewritten-routes");
  static final Place<String, PoolCluster> POOL_CLUSTERS = new Place<>("pool-clusters");
  static final Place<String, PickerCluster> PICKER_CLUSTERS = new Place<>("picker-clusters");
  static final Place<ByteString, ReadListener> LISTENERS = new Place<>("listeners");
  static final Place<Map<String, Needs>, ReadListener.RewrittenListener> REWRITTEN_LISTENERS =
      new Place<>("rewritten-listeners");
  static final Place<String, Loop> LOOPS = new Place<>("loops");

  /** The places of memos, whose reuse is counted. */
  static final List<Place<?, ?>> MEMOS = List.of(
      HOST_SETTINGS,
      REWRITTEN_HOSTS,
      GROUP_PLANS,
      PLANNED_GROUPS,
      REWRITTEN_GROUPS,
      RULE_PLANS,
      REWRITTEN_ROUTES,
      REWRITTEN_LISTENERS);

  private Places() {}
}
