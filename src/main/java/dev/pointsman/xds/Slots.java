package dev.pointsman.xds;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.protobuf.ByteString;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Consecutive routes of a virtual host, with what the host's other routes need to know of them. */
public final class Slots {
  private final Supplier<List<Slot>> slots;
  private final boolean opaque;
  private final Set<Asking> askings = new LinkedHashSet<>();
  private final Set<String> names = new LinkedHashSet<>();
  private final boolean onlyModels;
  private final boolean goToPools;
  private final boolean anyIsOurs;
  private final int poolRoutes;

  private Slots(List<Slot> slots) {
    this.slots = () -> slots;
    opaque = slots.stream().allMatch(slot -> slot.facts().isEmpty());
    slots.stream()
        .filter(Slot::bringsModels)
        .forEach(slot -> askings.add(Asking.of(slot.facts().orElseThrow())));
    slots.forEach(slot -> slot.facts().ifPresent(facts -> addNames(slot, facts)));
    onlyModels = slots.stream().allMatch(Slot::asksForModel);
    goToPools = slots.stream().anyMatch(Slot::goesToPool);
    anyIsOurs =
        slots.stream().anyMatch(slot -> slot.facts().map(RouteFacts::isOurs).orElse(false));
    poolRoutes = (int) slots.stream().filter(slot -> slot.plan().isPresent()).count();
  }

  private Slots(Supplier<List<ByteString>> routes) {
    slots = Suppliers.memoize(() -> routes.get().stream().map(Slot::opaque).toList());
    opaque = true;
    onlyModels = false;
    goToPools = false;
    anyIsOurs = false;
    poolRoutes = 0;
  }

  /** Routes, in their order. */
  public static Slots of(List<Slot> slots) {
    return new Slots(List.copyOf(slots));
  }

  /**
   * Routes of which there is nothing to know.
   *
   * @param routes asked for once at most
   */
  public static Slots opaque(Supplier<List<ByteString>> routes) {
    return new Slots(routes);
  }

  private void addNames(Slot slot, RouteFacts facts) {
    slot.policy().models().forEach(model -> names.addAll(model.names()));
    facts.model().ifPresent(names::add);
  }

  /** The routes. */
  public List<Slot> list() {
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
  boolean isOpaque() {
    return opaque;
  }

  /** Those that bring models, where they differ in more than the model. */
  Set<Asking> askings() {
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
