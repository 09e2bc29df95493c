package dev.pointsman.e2e;

import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts something for the first test that has it as a parameter, and closes it after the last of all classes. */
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
    return store(context).getOrComputeIfAbsent(type, _ -> start(), type);
  }

  private static ExtensionContext.Store store(ExtensionContext context) {
    return context.getRoot().getStore(Namespace.GLOBAL);
  }
}
