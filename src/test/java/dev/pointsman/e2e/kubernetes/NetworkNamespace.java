package dev.pointsman.e2e.kubernetes;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** The network of a process. Sockets that a thread makes inside stay inside. */
record NetworkNamespace(long pid) {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle OPEN = call("open", ADDRESS, JAVA_INT);
  private static final MethodHandle SETNS = call("setns", JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = call("close", JAVA_INT);

  /** As in {@code sched.h}. */
  private static final int CLONE_NEWNET = 0x40000000;

  private static MethodHandle call(String function, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(function), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /** Lets the calling thread enter it for good. */
  void enter() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom("/proc/" + pid + "/ns/net");
      int file = (int) OPEN.invokeExact(path, 0);
      int failed = file < 0 ? file : (int) SETNS.invokeExact(file, CLONE_NEWNET);
      if (file >= 0) {
        int _ = (int) CLOSE.invokeExact(file);
      }
      if (failed != 0) {
        throw new IOException("the network of process " + pid + " cannot be entered");
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes something inside, in a thread of its own. */
  <T> T inside(Callable<T> making) {
    CompletableFuture<T> made = new CompletableFuture<>();
    Thread _ = Thread.ofPlatform().start(() -> {
      try {
        enter();
        made.complete(making.call());
      } catch (Exception e) {
        made.completeExceptionally(e);
      }
    });
    return made.join();
  }

  /** Gives it an address of somebody else: whoever calls that from inside stays inside, and open connections are lost. */
  void take(String address) {
    change("add", address);
  }

  /** Undoes {@link #take}. */
  void release(String address) {
    change("delete", address);
  }

  private void change(String change, String address) {
    List<String> command = List.of(
        "-t", String.valueOf(pid), "-n", "ip", "address", change, address + "/32", "dev", "lo");
    var _ = Commands.run(Map.of(), "", "nsenter", command);
  }
}
