package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import dev.pointsman.hook.CachedTranslation.Picker;
import dev.pointsman.model.InferencePolicy.OutlierDetection;
import dev.pointsman.plan.PickerSettings;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.PolicyPlan.Mirror;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.plan.PoolBackend.Unusable;
import dev.pointsman.plan.PoolBackend.Usable;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.xds.RequestMirrors;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What plans need to be there: clusters, pickers, and the listeners of mirrored requests. */
final class RequiredResources {
  private final Map<String, Target> targets = new HashMap<>();
  private final Map<String, Picker> pickers = new HashMap<>();
  private final SortedMap<String, ByteString> mirrors = new TreeMap<>();
  private final SortedMap<String, Listener> mirrorListeners = new TreeMap<>();

  /**
   * A cluster to make.
   *
   * @param original the cluster of Envoy Gateway's that it is made from when it does not exist yet
   * @param outliers when pods are set aside, where BackendTrafficPolicy does not say it
   */
  record Target(String original, PoolBackend backend, Optional<OutlierDetection> outliers) {}

  /**
   * Adds a share, if it can serve.
   *
   * @param original the cluster of Envoy Gateway's that its own is made from
   */
  void add(Share share, String original, PolicyPlan policy) {
    if (!(share.pool() instanceof Unusable)) {
      targets.put(share.cluster(), new Target(original, share.pool(), policy.outliers()));
      addPicker(share.pool(), policy.picker());
    }
  }

  /**
   * Adds a mirror, if it can be made.
   *
   * @param routeConfiguration the one whose requests are mirrored
   */
  void add(Mirror mirror, String routeConfiguration, RequestMirrors requestMirrors) {
    if (mirror.backend() instanceof Unusable) {
      return;
    }
    mirrors.computeIfAbsent(
        RequestMirrors.cluster(mirror.backend()),
        _ -> requestMirrors.pods(mirror.backend()).toByteString());
    if (RequestMirrors.asksPicker(mirror)) {
      Listener loop = requestMirrors.loopListener(mirror, routeConfiguration);
      mirrorListeners.put(loop.getName(), loop);
      mirrors.put(
          loop.getName(), RequestMirrors.loopCluster(mirror, routeConfiguration).toByteString());
      addPicker(mirror.backend(), mirror.picker().orElse(PickerSettings.DEFAULT));
    }
  }

  private void addPicker(PoolBackend backend, PickerSettings settings) {
    if (backend instanceof Usable pool && pool.picker().isPresent()) {
      Picker picker = new Picker(pool.picker().get().service(), settings.connection());
      pickers.put(XdsNames.picker(picker.service(), picker.connection()), picker);
    }
  }

  /** Adds what others need; of two clusters with one name, theirs counts. */
  void addAll(RequiredResources others) {
    targets.putAll(others.targets);
    pickers.putAll(others.pickers);
    mirrors.putAll(others.mirrors);
    mirrorListeners.putAll(others.mirrorListeners);
  }

  /** Whether no cluster is needed, and so no endpoints. */
  boolean isEmpty() {
    return targets.isEmpty() && pickers.isEmpty() && mirrors.isEmpty();
  }

  /** The clusters of all shares that can serve, by name. */
  Map<String, Target> targets() {
    return targets;
  }

  /** The pickers that are asked, by their clusters' names. */
  Map<String, Picker> pickers() {
    return pickers;
  }

  /** The clusters that mirrored requests go to, by name. */
  SortedMap<String, ByteString> mirrors() {
    return mirrors;
  }

  /** The listeners where mirrored requests meet their pool's picker, by name. */
  SortedMap<String, Listener> mirrorListeners() {
    return mirrorListeners;
  }
}
