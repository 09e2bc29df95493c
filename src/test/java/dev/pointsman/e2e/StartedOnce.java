package dev.pointsman.e2e;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts something for the first test of this JVM that has it as a parameter. It is closed after the last class, and before
 * something else is started in this way: a rig has nothing to do beside a cluster.
 */
public abstract class StartedOnce<T extends AutoCloseable> implements ParameterResolver {
  private final Class<T> type;

  /** The type of the parameter. */
  protected StartedOnce(Class<T> type) {
    this.type = type;
  }

  /** Starts it. */
  protected abstract T start();

  /** It, if some test has had it already. */
  protected final Optional<T> started(ExtensionContext context) {
    return Optional.ofNullable(store(context).get(type, type));
  }

  @Override
  public final boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == type;
  }

  @Override
  public final Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ExtensionContext.Store store = store(context);
    @Nullable T running = store.get(type, type);
    if (running != null) {
      return running;
    }
    closeTheOther(store);
    T started = start();
    store.put(type, started);
    store.put(StartedOnce.class, type);
    return started;
  }

  private static void closeTheOther(ExtensionContext.Store store) {
    @Nullable Class<?> other = store.remove(StartedOnce.class, Class.class);
    @Nullable
    AutoCloseable running = other == null ? null : store.remove(other, AutoCloseable.class);
    if (running == null) {
      return;
    }
    try {
      running.close();
    } catch (Exception e) {
      throw new IllegalStateException(running + " does not end", e);
    }
  }

  /** Of the JVM: each class is a request of its own where Maven hands classes to several JVMs. */
  private static ExtensionContext.Store store(ExtensionContext context) {
    return context.getStore(StoreScope.LAUNCHER_SESSION, Namespace.GLOBAL);
  }
}
