package dev.pointsman.observe;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** Hands what gRPC and the JDK log to our own log, so that every line looks alike. */
final class JulBridge extends Handler {
  private final SimpleFormatter formatter = new SimpleFormatter();

  private JulBridge() {}

  static void install() {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.setLevel(Level.WARNING);
    root.addHandler(new JulBridge());
  }

  @Override
  public void publish(LogRecord line) {
    String name = line.getLoggerName();
    org.slf4j.Logger log = LoggerFactory.getLogger(name == null ? "java" : name);
    String message = formatter.formatMessage(line);
    if (line.getLevel().intValue() >= Level.SEVERE.intValue()) {
      log.error(message, line.getThrown());
    } else {
      log.warn(message, line.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
