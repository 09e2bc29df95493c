package dev.pointsman.xds;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Consecutive routes of a virtual host, with what the host's other routes need to know of them. */
public final class PlannedRoutes {
  private final Supplier<List<PlannedRoute>> slots;
  private final boolean passThrough;
  private final Map<Asking, String> askings = new LinkedHashMap<>();
  private final Set<String> names = new LinkedHashSet<>();
  private final boolean onlyModels;
  private final boolean goToPools;
  private final boolean anyIsOurs;
  private final int poolRoutes;

  private PlannedRoutes(List<PlannedRoute> slots) {
    this.slots = () -> slots;
    passThrough = slots.stream().allMatch(slot -> slot.facts().isEmpty());
    slots.stream()
        .filter(PlannedRoute::bringsModels)
        .map(slot -> slot.facts().orElseThrow())
        .forEach(model -> askings.putIfAbsent(Asking.of(model), model.name()));
    slots.forEach(slot -> slot.facts().ifPresent(facts -> addNames(slot, facts)));
    onlyModels = slots.stream().allMatch(PlannedRoute::asksForModel);
    goToPools = slots.stream().anyMatch(PlannedRoute::goesToPool);
    anyIsOurs =
        slots.stream().anyMatch(slot -> slot.facts().map(RouteFacts::isOurs).orElse(false));
    poolRoutes = (int) slots.stream().filter(slot -> slot.plan().isPresent()).count();
  }

  private PlannedRoutes(Supplier<List<ByteString>> routes) {
    slots = Suppliers.memoize(
        () -> routes.get().stream().map(PlannedRoute::passThrough).toList());
    passThrough = true;
    onlyModels = false;
    goToPools = false;
    anyIsOurs = false;
    poolRoutes = 0;
  }

  /** Routes, in their order. */
  public static PlannedRoutes of(List<PlannedRoute> slots) {
    return new PlannedRoutes(List.copyOf(slots));
  }

  /**
   * Routes of which there is nothing to know.
   *
   * @param routes asked for once at most
   */
  public static PlannedRoutes passThrough(Supplier<List<ByteString>> routes) {
    return new PlannedRoutes(routes);
  }

  private void addNames(PlannedRoute slot, RouteFacts facts) {
    slot.policy().models().forEach(model -> names.addAll(model.names()));
    facts.model().ifPresent(names::add);
  }

  /** The routes. */
  public List<PlannedRoute> list() {
    return slots.get();
  }

  /** Whether one of them goes to a pool. */
  public boolean goToPools() {
    return goToPools;
  }

  /** Whether one of them is ours, from an earlier pass. */
  public boolean anyIsOurs() {
    return anyIsOurs;
  }

  /** How many of them have rules that name pools. */
  public int poolRoutes() {
    return poolRoutes;
  }

  /** Whether there is nothing to know of any of them. */
  boolean isPassThrough() {
    return passThrough;
  }

  /** Those that bring models, where they differ in more than the model, with the name of the first of each. */
  Map<Asking, String> askings() {
    return askings;
  }

  /** The models that they ask for by name, in their order. */
  Set<String> names() {
    return names;
  }

  /** Whether all of them ask for a model. */
  boolean onlyModels() {
    return onlyModels;
  }
}
