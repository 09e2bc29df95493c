package dev.pointsman.rig;

import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A picker that runs as a process of its own: to ask what it saw, to tell what it shall do, to kill. */
public final class PickerHandle implements AutoCloseable {
  private static final int CONTROL_PORT_AFTER = 10;
  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration TOLD = Duration.ofSeconds(30);

  private final Scenario.Picker picker;
  private final Path folder;
  private final HostPort control;
  private final List<String> options;
  private final AtomicInteger starts = new AtomicInteger();
  private Proc process;

  private PickerHandle(Scenario.Picker picker, Path folder, List<String> options) {
    this.picker = picker;
    this.options = options;
    this.folder = folder;
    HostPort address = picker.address();
    this.control = new HostPort(address.host(), address.port() + CONTROL_PORT_AFTER);
    this.process = launch();
  }

  /** Starts it, not waiting until it listens. */
  static PickerHandle launch(Scenario.Picker picker, Path folder) {
    return new PickerHandle(picker, folder, List.of());
  }

  /**
   * Starts one that takes any number of pings of HTTP/2, which gRPC servers do not by default.
   *
   * @param folder has the picker's certificate in its folder "certificate"
   */
  public static PickerHandle takingPings(HostPort address, List<String> endpoints, Path folder) {
    PickerHandle picker = new PickerHandle(
        new Scenario.Picker("picker", address, endpoints), folder, List.of("pings=often"));
    picker.awaitReady();
    return picker;
  }

  private Proc launch() {
    HostPort address = picker.address();
    Path log = folder.resolve(picker.service() + "-" + starts.incrementAndGet() + ".log");
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of(
        "listen=" + address,
        "health=" + new HostPort(address.host(), address.port() + 1),
        "control=" + control,
        "certificate=" + folder.resolve(Rig.CERTIFICATE),
        "endpoints=" + String.join(",", picker.endpoints())));
    return Proc.startJava(picker.service(), log, EndpointPicker.class, arguments);
  }

  void awaitReady() {
    process.awaitLine(Stub.READY, START);
  }

  /** Its address for Envoy. */
  public HostPort address() {
    return picker.address();
  }

  /** The calls since it started. A call is listed at the end of its stream, which may be after the end of the answer. */
  public List<PickerCall> calls() {
    return ask("/calls");
  }

  /** Asserts of what it saw, waiting until it is told. */
  public void saw(Consumer<List<PickerCall>> assertion) {
    await().atMost(TOLD).untilAsserted(() -> assertion.accept(calls()));
  }

  /** Makes it name this endpoint, or this comma-separated list, and nothing else. */
  public void name(String endpoint) {
    ask("/name?endpoint=" + URLEncoder.encode(endpoint, StandardCharsets.UTF_8));
  }

  /** Lets it choose among its endpoints again. */
  public void chooseAgain() {
    name("");
  }

  /** Replaces the endpoints that it chooses among. */
  public void endpoints(List<String> endpoints) {
    ask("/endpoints?list="
        + URLEncoder.encode(String.join(",", endpoints), StandardCharsets.UTF_8));
  }

  /** Makes it accept requests and never answer, or answer again. */
  public void hang(boolean on) {
    mood(on ? EndpointPicker.Mood.HANGING : EndpointPicker.Mood.HONEST);
  }

  /** Makes it end the streams of requests without an answer, or answer again. */
  public void end(boolean on) {
    mood(on ? EndpointPicker.Mood.ENDING : EndpointPicker.Mood.HONEST);
  }

  private void mood(EndpointPicker.Mood mood) {
    ask("/mood?is=" + mood);
  }

  private List<PickerCall> ask(String path) {
    return JsonMapper.shared()
        .readValue(Http.get("http://" + control + path).body(), new TypeReference<>() {});
  }

  /** Ends it as a crash does. */
  public void kill() {
    process.kill();
  }

  /** Stops its process without closing anything: connections stay, nobody answers. */
  public void freeze() {
    process.signal("STOP");
  }

  /** Lets it run on after {@link #freeze}. */
  public void thaw() {
    process.signal("CONT");
  }

  /** Starts it again after {@link #kill}. */
  public void restart() {
    process = launch();
    awaitReady();
  }

  @Override
  public void close() {
    process.close();
  }
}
