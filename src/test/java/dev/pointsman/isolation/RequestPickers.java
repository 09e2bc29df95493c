package dev.pointsman.isolation;

import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.pointsman.e2e.Client;
import dev.pointsman.isolation.ScriptedPicker.Script;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.RealEnvoy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * A real Envoy with two pools of two pods, "open" and "close" after their failure modes, whose pickers may end their
 * streams after requests. The pickers always name the first pod.
 */
final class RequestPickers implements AutoCloseable {
  static final List<String> POOLS = List.of("open", "close");

  private static final Path RECORDED = Path.of("testdata", "translate", "policy-picker-may-end");

  private final Network network = new Network();
  private final Map<String, Pool> pools;
  private final RealEnvoy envoy;
  final int port;

  /**
   * A pool.
   *
   * @param other a pod that the picker never names
   * @param endpoint the one that it names
   */
  record Pool(
      RawPod pod,
      RawPod other,
      ScriptedPicker picker,
      String endpoint,
      Queue<RawPod.RawRequest> arrived) {
    /**
     * Makes the picker end its streams at this time, and the named pod answer so. A picker that ends its streams after
     * requests has done so before the pod answers: a response that overtakes the end would be with the picker.
     */
    void play(End end, String head, String body) {
      Semaphore closed = new Semaphore(0);
      picker.play(new Script() {
        @Override
        public void closed() {
          closed.release();
        }

        @Override
        public String endpoint() {
          return endpoint;
        }

        @Override
        public End end() {
          return end;
        }
      });
      String answer = "HTTP/1.1 200 OK\r\n" + head + "x-served-by: named\r\ncontent-length: "
          + body.length() + "\r\n\r\n" + body;
      pod.answer(request -> {
        arrived.add(request);
        if (end == End.AFTER_ANSWERING_THE_REQUEST) {
          var _ = Uninterruptibles.tryAcquireUninterruptibly(closed, OwnAnswers.SOON);
        }
        return answer.getBytes(StandardCharsets.ISO_8859_1);
      });
      arrived.clear();
    }
  }

  RequestPickers(String version, Path folder) throws IOException {
    Authority.Issued certificate = Authority.selfSigned();
    pools = Map.of("open", start(11, 21, certificate), "close", start(13, 22, certificate));
    envoy = RealEnvoy.start(
        version,
        OwnAnswers.bootstrap(
            network,
            RECORDED,
            Files.createDirectory(folder.resolve("objects")),
            network.pod("open", 11),
            network.pod("open", 12).replace("open-0", "open-1"),
            network.pod("close", 13),
            network.pod("close", 14).replace("close-0", "close-1"),
            network.picker("open-epp", 21),
            network.picker("close-epp", 22)));
    port = envoy.listenerPort("default/inference/llm");
    POOLS.forEach(this::awaitAnswers);
  }

  Pool pool(String name) {
    return Objects.requireNonNull(pools.get(name), name);
  }

  private Pool start(int host, int picker, Authority.Issued certificate) throws IOException {
    String endpoint = network.at(host, 8000).toString();
    return new Pool(
        new RawPod(network.at(host, 8000), request -> TwoTenantsEnvoy.ok("named", request)),
        new RawPod(network.at(host + 1, 8000), request -> TwoTenantsEnvoy.ok("other", request)),
        new ScriptedPicker(network.at(picker, 9002), certificate, () -> endpoint),
        endpoint,
        new ConcurrentLinkedQueue<>());
  }

  /** The picker must be in use, too. */
  private void awaitAnswers(String pool) {
    await(pool).atMost(OwnAnswers.SOON).until(() -> {
      try (KeepAlive connection = new KeepAlive(port)) {
        for (int i = 0; i < 6; i++) {
          if (!connection.post("any", Client.body(pool, 100)).servedBy().equals("named")) {
            return false;
          }
        }
        return true;
      } catch (IOException | UncheckedIOException e) {
        return false; // it does not listen yet
      }
    });
  }

  @Override
  public void close() throws IOException {
    envoy.close();
    for (Pool pool : pools.values()) {
      pool.picker().close();
      pool.pod().close();
      pool.other().close();
    }
  }
}
