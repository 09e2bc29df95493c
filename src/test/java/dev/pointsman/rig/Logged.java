package dev.pointsman.rig;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** The log of our code while this is open. */
public final class Logged extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.pointsman");
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

  /** Begins to listen. */
  public Logged() {
    setContext(ours.getLoggerContext());
    start();
    ours.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    events.add(event);
  }

  /** The lines so far: level and message. */
  public List<String> lines() {
    return events.stream()
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .toList();
  }

  @Override
  public void close() {
    ours.detachAppender(this);
    stop();
  }
}
