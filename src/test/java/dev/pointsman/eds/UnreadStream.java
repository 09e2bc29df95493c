package dev.pointsman.eds;

import io.grpc.Attributes;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/** A client's end of a stream that reads only when it is told to. */
final class UnreadStream<Q, A> implements ClientResponseObserver<Q, A> {
  final CompletableFuture<Status> end = new CompletableFuture<>();
  final CompletableFuture<A> first = new CompletableFuture<>();

  @SuppressWarnings("NullAway.Init") // set before the start
  ClientCallStreamObserver<Q> requests;

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> call) {
    requests = call;
    call.disableAutoRequestWithInitial(0);
  }

  @Override
  public void onNext(A response) {
    first.complete(response);
  }

  @Override
  public void onError(Throwable error) {
    end.complete(Status.fromThrowable(error));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }

  /** The address of a client, among those of loopback. */
  static final class From extends NettyChannelBuilder.LocalSocketPicker {
    private final String address;

    From(String address) {
      this.address = address;
    }

    @Override
    public SocketAddress createSocketAddress(SocketAddress remote, Attributes attributes) {
      return new InetSocketAddress(address, 0);
    }
  }
}
