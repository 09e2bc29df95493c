package dev.pointsman.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The number of changes of the page's data. A change costs an increment, whether or not anybody waits. */
final class PageVersion {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition next = lock.newCondition();
  private long version = 1;
  private boolean closed;

  void changed() {
    lock.lock();
    try {
      version++;
      next.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waits, for good. */
  void close() {
    lock.lock();
    try {
      closed = true;
      next.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  long get() {
    lock.lock();
    try {
      return version;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for another version than this one, for the time or until it is closed; returns the present one. */
  long after(long seen, Duration most) throws InterruptedException {
    lock.lock();
    try {
      long left = most.toNanos();
      while (version == seen && !closed && left > 0) {
        left = next.awaitNanos(left);
      }
      return version;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, unless it is closed. */
  void pause(Duration time) throws InterruptedException {
    lock.lock();
    try {
      long end = System.nanoTime() + time.toNanos();
      while (!closed && end - System.nanoTime() > 0) {
        boolean _ = next.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }
}
