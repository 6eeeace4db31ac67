import Testing
import Kernel
@Test func stub() {}
